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

        /// Whether anything was opened or read since the last call.
        public func wasOpened() -> Bool { !events().isEmpty }

        /// How often each file of the watched folders was opened since the last call, by name.
        public func opens() -> [String: Int] {
            var counts: [String: Int] = [:]
            for event in events() where event.mask & UInt32(IN_OPEN) != 0 && !event.name.isEmpty {
                counts[event.name, default: 0] += 1
            }
            return counts
        }

        private func events() -> [(mask: UInt32, name: String)] {
            var events: [(mask: UInt32, name: String)] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { return events }
                var offset = 0
                while offset + 16 <= count {
                    let (mask, length) = buffer.withUnsafeBytes {
                        (
                            $0.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self),
                            Int($0.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                        )
                    }
                    let name = buffer[offset + 16..<min(offset + 16 + length, count)].prefix { $0 != 0 }
                    events.append((mask, String(decoding: name, as: UTF8.self)))
                    offset += 16 + length
                }
            }
        }
    }
#endif
