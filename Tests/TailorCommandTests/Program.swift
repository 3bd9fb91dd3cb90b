import TestSupport

typealias Program = BuiltProgram
