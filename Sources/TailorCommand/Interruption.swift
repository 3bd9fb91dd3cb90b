import Foundation

/// SIGINT and SIGTERM: the first asks the work to finish its step and save, the second ends the process
/// at once.
enum Interruption {
    // Written by a signal handler, read by the training loop: an aligned word of its own.
    nonisolated(unsafe) private static let count: UnsafeMutablePointer<sig_atomic_t> = {
        let pointer = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)
        pointer.initialize(to: 0)
        return pointer
    }()

    static var requested: Bool { count.pointee > 0 }

    static func install() {
        _ = count.pointee
        // A parent may have blocked them for itself, and a mask is inherited.
        var both = sigset_t()
        sigemptyset(&both)
        sigaddset(&both, SIGINT)
        sigaddset(&both, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &both, nil)
        for signalNumber in [SIGINT, SIGTERM] {
            signal(signalNumber) { number in
                Interruption.count.pointee += 1
                if Interruption.count.pointee > 1 { _exit(128 + number) }
            }
        }
    }
}
