import Foundation

/// Target of this process, by the environment: libFuzzer takes the words of the command line.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["TAILOR_FUZZ_TARGET"] ?? ""
    guard let found = FuzzTarget.all.first(where: { $0.name == name }) else {
        let names = FuzzTarget.all.map(\.name).joined(separator: "\n")
        print(names)
        exit(name.isEmpty ? 0 : 2)
    }
    return found
}()

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
    _ = target.name
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.check(bytes.map { Data(bytes: $0, count: count) } ?? Data())
    return 0
}
