#if os(Linux)
    import Foundation

    /// Asks the kernel whether anybody opened or read folders or the files in them, however privileged.
    public final class FolderWatch {
        private let descriptor: Int32

        /// Watches these folders themselves, not those below them.
        public init(_ paths: [String]) throws {
            descriptor = inotify_init1(Int32(IN_NONBLOCK))
            for path in paths {
                guard inotify_add_watch(descriptor, path, UInt32(IN_OPEN) | UInt32(IN_ACCESS)) >= 0 else {
                    throw CocoaError(.fileReadNoSuchFile)
                }
            }
        }

        deinit { close(descriptor) }

        /// Since the last call.
        public func wasOpened() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            var isOpened = false
            while read(descriptor, &buffer, buffer.count) > 0 { isOpened = true }
            return isOpened
        }
    }
#endif
