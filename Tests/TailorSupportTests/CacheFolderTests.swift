import Foundation
import TailorSupport
import Testing

@Suite struct CacheFolderTests {
    @Test(arguments: [
        (["XDG_CACHE_HOME": "/c", "HOME": "/h"], "/c", "/c"),
        (["HOME": "/h"], "/h/.cache", "/h/.cache"),
        (["XDG_CACHE_HOME": "", "HOME": "/h"], "/h/.cache", "/h/.cache"),
        (["XDG_CACHE_HOME": "c", "HOME": "/h"], "/h/.cache", "c"),
        (["XDG_CACHE_HOME": "c", "HOME": "h"], nil, "c"),
        (["HOME": "h"], nil, "h/.cache"),
        ([:], nil, nil),
    ])
    func places(environment: [String: String], strict: String?, lenient: String?) {
        #expect(CacheFolder.user(environment)?.relativePath == strict)
        #expect(CacheFolder.user(environment, takesRelativePaths: true)?.relativePath == lenient)
        #expect(CacheFolder.tailor(environment)?.path == strict.map { $0 + "/tailor" })
    }
}

@Suite struct FileExtensionTests {
    @Test(arguments: [
        ("a.JPG", "jpg"), ("a.tar.gz", "gz"), ("b/a.jfif", "jfif"), ("a.", nil), (".jpg", nil), ("a", nil),
        ("", nil),
        ("é.png", "png"),
    ])
    func lastDot(name: String, expected: String?) {
        #expect(fileExtension(of: name) == expected)
    }
}
