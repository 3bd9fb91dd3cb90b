#if !canImport(CryptoKit)
    import CLibCrypto

    /// Incremental SHA-256 over libcrypto, which picks code for the processor. The only importer of
    /// `CLibCrypto`.
    package struct SHA256Digest: ~Copyable {
        // Owned (EVP_MD_CTX): made in `init`, freed in `deinit`, never handed out. Copies of the struct would
        // share it and free it twice, hence `~Copyable`.
        private let context: OpaquePointer

        package init() throws { try self.init(algorithm: "SHA256") }

        /// Starts a digest of another algorithm.
        ///
        /// - Parameter algorithm: libcrypto's name for it; an unknown one throws `ContentHashError`.
        package init(algorithm: String) throws {
            // Owned (+1) and released at the end of `init`: the context retains it.
            guard let method = EVP_MD_fetch(nil, algorithm, nil) else {
                throw Self.failure("find the algorithm \(algorithm)")
            }
            defer { EVP_MD_free(method) }
            guard let context = EVP_MD_CTX_new() else { throw Self.failure("start a hash") }
            guard EVP_DigestInit_ex2(context, method, nil) == 1 else {
                let error = Self.failure("start a hash")
                EVP_MD_CTX_free(context)
                throw error
            }
            self.context = context
        }

        deinit { EVP_MD_CTX_free(context) }

        package mutating func update(_ bytes: UnsafeRawBufferPointer) throws {
            guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
                throw Self.failure("hash \(bytes.count) bytes")
            }
        }

        /// Name and version of the library, for example `OpenSSL 3.0.19`.
        static var library: String { "OpenSSL " + String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }

        /// Digest (32 bytes) of everything added so far.
        package borrowing func current() throws -> [UInt8] {
            // Finishing invalidates a context, so a copy is finished.
            guard let copy = EVP_MD_CTX_new() else { throw Self.failure("finish a hash") }
            defer { EVP_MD_CTX_free(copy) }
            var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
            var count: UInt32 = 0
            guard EVP_MD_CTX_copy_ex(copy, context) == 1, EVP_DigestFinal_ex(copy, &bytes, &count) == 1 else {
                throw Self.failure("finish a hash")
            }
            return Array(bytes.prefix(Int(count)))
        }

        /// Error with libcrypto's reason for the last failed call, taken from this thread's error queue,
        /// which is cleared.
        private static func failure(_ operation: String) -> ContentHashError {
            let code = ERR_peek_last_error()
            ERR_clear_error()
            guard code != 0 else {
                return ContentHashError(operation: operation, reason: "libcrypto gives no reason")
            }
            var text = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(code, &text, text.count)
            let reason = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return ContentHashError(operation: operation, reason: String(decoding: reason, as: UTF8.self))
        }
    }
#endif
