#if canImport(CryptoKit)
    import CryptoKit

    /// Incremental SHA-256 over CryptoKit. It never fails; `throws` matches the libcrypto version.
    package struct SHA256Digest: ~Copyable {
        private var hasher = SHA256()

        package init() throws {}

        package mutating func update(_ bytes: UnsafeRawBufferPointer) throws {
            hasher.update(bufferPointer: bytes)
        }

        static var library: String { "CryptoKit" }

        /// Digest (32 bytes) of everything added so far.
        package borrowing func current() throws -> [UInt8] { Array(hasher.finalize()) }
    }
#endif
