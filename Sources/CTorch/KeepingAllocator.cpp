// Large blocks of the host's memory, kept for the next step.
#include "Shim.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

using namespace ctorch;

#if defined(__linux__)

namespace {

// Keeps large blocks that are freed for the next ones of their size, so that the kernel need not clear the same pages at
// every step. What is kept and in use together stays within the most that was ever in use and an eighth; a heap, in
// whose gaps blocks of other sizes end, took up to half as much again, and nobody could say how much.
class KeepingAllocator final : public c10::Allocator {
  public:
    c10::DataPtr allocate(size_t bytes) override {
        if (bytes < least) return small_->allocate(bytes);
        void *const data = take(bytes);
        c10::profiledCPUMemoryReporter().New(data, bytes);
        return {data, data, &give_back, c10::Device(c10::DeviceType::CPU)};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

    void copy_data(void *target, const void *source, size_t bytes) const override {
        default_copy_data(target, source, bytes);
    }

    void release() {
        const std::scoped_lock lock(mutex_);
        make_room(0);
    }

    static KeepingAllocator &shared() {
        // Never destroyed: tensors may outlive every other static.
        static auto *const allocator = new KeepingAllocator;
        return *allocator;
    }

  private:
    struct Used {
        size_t bytes;
        size_t wanted;
    };

    struct Free {
        void *data;
        size_t bytes;
        uint64_t since;
    };

    // Below, the C library's own heap does well.
    static constexpr size_t least = size_t{1} << 20;
    static constexpr size_t page = size_t{1} << 12;
    static constexpr size_t slack = size_t{16} << 20;
    // Allocations after which what was freed and not taken again belongs to work that is over.
    static constexpr uint64_t stale = 4096;

    static void give_back(void *data) {
        if (data == nullptr) return;
        auto &allocator = shared();
        {
            const std::scoped_lock lock(allocator.mutex_);
            const auto found = allocator.used_.find(data);
            if (found != allocator.used_.end()) {
                c10::profiledCPUMemoryReporter().Delete(data);
                allocator.wanted_ -= found->second.wanted;
                allocator.free_.push_back({data, found->second.bytes, allocator.clock_});
                allocator.used_.erase(found);
                return;
            }
        }
        allocator.small_->raw_deleter()(data);
    }

    void *take(size_t wanted) {
        const size_t bytes = (wanted + page - 1) / page * page;
        TORCH_CHECK(bytes >= wanted, "DefaultCPUAllocator: can't allocate memory: ", wanted, " bytes");
        const std::scoped_lock lock(mutex_);
        ++clock_;
        const size_t most = std::max(most_wanted_, wanted_ + bytes);
        auto best = free_.end();
        for (auto block = free_.begin(); block != free_.end(); ++block)
            if (block->bytes >= bytes && block->bytes - bytes <= bytes / 8
                && (best == free_.end() || block->bytes < best->bytes))
                best = block;
        void *data = nullptr;
        size_t taken = bytes;
        if (best != free_.end()) {
            data = best->data;
            taken = best->bytes;
            free_.erase(best);
        } else {
            make_room(most + most / 8 + slack - bytes);
            data = map(bytes);
            if (data == nullptr) {
                make_room(0);
                data = map(bytes);
            }
            TORCH_CHECK(data != nullptr, "DefaultCPUAllocator: can't allocate memory: ", wanted, " bytes");
            mapped_ += bytes;
        }
        used_.emplace(data, Used{taken, bytes});
        wanted_ += bytes;
        most_wanted_ = most;
        return data;
    }

    static void *map(size_t bytes) {
        void *const data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return data == MAP_FAILED ? nullptr : data;
    }

    // Gives free blocks back to the system until no more than so many bytes are mapped: those of work that is over, then
    // those that were freed last, since work that repeats itself needs the others sooner.
    void make_room(size_t most) {
        const auto give = [&](const Free &block) {
            munmap(block.data, block.bytes);
            mapped_ -= block.bytes;
        };
        while (mapped_ > most && !free_.empty() && clock_ - free_.front().since > stale) {
            give(free_.front());
            free_.erase(free_.begin());
        }
        while (mapped_ > most && !free_.empty()) {
            give(free_.back());
            free_.pop_back();
        }
    }

    c10::Allocator *const small_ = c10::GetDefaultCPUAllocator();
    std::mutex mutex_;
    std::unordered_map<void *, Used> used_;
    // In the order in which they were freed.
    std::vector<Free> free_;
    // Bytes of all blocks, used or free.
    size_t mapped_ = 0;
    // Bytes that were asked for and not given back, and the most of them at once.
    size_t wanted_ = 0;
    size_t most_wanted_ = 0;
    uint64_t clock_ = 0;
};

} // namespace

#endif

void ctorch_keep_freed_memory(void) {
#if defined(__linux__)
    (void)guarded([] { c10::SetCPUAllocator(&KeepingAllocator::shared(), /*priority=*/1); });
#endif
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2147483647);
#endif
}

void ctorch_release_freed_memory(void) {
#if defined(__linux__)
    (void)guarded([] { KeepingAllocator::shared().release(); });
#endif
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}
