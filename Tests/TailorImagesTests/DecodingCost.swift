import Foundation
import TailorImages

/// What decoding says, and how many seconds of this thread's processor time it takes.
struct DecodingCost {
    private(set) var image: RGBImage?
    private(set) var error: ImageError?
    let seconds: Double

    init(_ data: Data, limits: ImageDecoder.Limits = .init()) {
        let start = Self.now
        do {
            image = try ImageDecoder(limits: limits).decode(data, name: "x")
        } catch {
            self.error = error as? ImageError
        }
        seconds = Self.now - start
    }

    /// The error's text.
    var message: String { error?.description ?? "no error" }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
