/// What follows the last dot of a file's name, in lower case; nil when that is nothing, or the dot the first character.
package func fileExtension(of name: String) -> String? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return nil }
    let text = name[name.utf8.index(after: dot)...]
    return text.isEmpty ? nil : text.lowercased()
}
