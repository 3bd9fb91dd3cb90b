/// Path that leads from a folder to a file, both absolute and without links: `../photos/1.png`.
package func pathBetween(_ folder: String, _ file: String) -> String {
    let slash = UInt8(ascii: "/")
    let from = folder.utf8.split(separator: slash).map { String(Substring($0)) }
    let to = file.utf8.split(separator: slash).map { String(Substring($0)) }
    let shared = zip(from, to).prefix { PathKey($0) == PathKey($1) }.count
    return ([String](repeating: "..", count: from.count - shared) + to.dropFirst(shared))
        .joined(separator: "/")
}
