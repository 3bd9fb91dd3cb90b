// What tensors take of the host's memory.
#include "Shim.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <memory>
#include <mutex>


using namespace ctorch;

namespace {

// Adds up what libtorch's allocator on the CPU tells of itself, oneDNN's workspaces included.
class Watch final : public c10::MemoryReportingInfoBase {
  public:
    void reportMemoryUsage(void *, int64_t change, size_t, size_t, c10::Device device) override {
        if (!device.is_cpu()) return;
        const std::scoped_lock lock(mutex_);
        now_ += change;
        peak_ = std::max(peak_, now_);
    }

    bool memoryProfilingEnabled() const override { return true; }

    int64_t peak() {
        const std::scoped_lock lock(mutex_);
        return peak_;
    }

  private:
    std::mutex mutex_;
    int64_t now_ = 0;
    int64_t peak_ = 0;
};

const auto watch_kind = c10::DebugInfoKind::PROFILER_STATE;

} // namespace

ctorch_status ctorch_memory_watch_begin(void) {
    return guarded([] { c10::ThreadLocalDebugInfo::_push(watch_kind, std::make_shared<Watch>()); });
}

ctorch_status ctorch_memory_watch_end(int64_t *peak) {
    *peak = 0;
    return guarded([&] {
        const auto watch = std::dynamic_pointer_cast<Watch>(c10::ThreadLocalDebugInfo::_pop(watch_kind));
        TORCH_CHECK(watch != nullptr, "this thread watches no memory");
        *peak = watch->peak();
    });
}
