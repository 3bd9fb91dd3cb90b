#if canImport(CryptoKit)
    import CryptoKit

    /// A SHA-256 under way in CryptoKit, where nothing can fail; it throws as its twin over libcrypto does.
    package struct SHA256Digest: ~Copyable {
        private var hasher = SHA256()

        package init() throws {}

        package mutating func update(_ bytes: UnsafeRawBufferPointer) throws {
            hasher.update(bufferPointer: bytes)
        }

        static var library: String { "CryptoKit" }

        /// The 32 bytes for everything so far.
        package borrowing func current() throws -> [UInt8] { Array(hasher.finalize()) }
    }
#endif
