// Errors, versions, devices, generators and the modes of a thread.
#include "Shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/cpu/Utils.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <torch/headeronly/version.h>

#include <cstring>
#include <mutex>
#include <string>

#if __has_include(<dlfcn.h>)
#include <dlfcn.h>
#endif

static_assert(static_cast<int>(at::kByte) == CTORCH_UINT8);
static_assert(static_cast<int>(at::kChar) == CTORCH_INT8);
static_assert(static_cast<int>(at::kShort) == CTORCH_INT16);
static_assert(static_cast<int>(at::kInt) == CTORCH_INT32);
static_assert(static_cast<int>(at::kLong) == CTORCH_INT64);
static_assert(static_cast<int>(at::kHalf) == CTORCH_FLOAT16);
static_assert(static_cast<int>(at::kFloat) == CTORCH_FLOAT32);
static_assert(static_cast<int>(at::kDouble) == CTORCH_FLOAT64);
static_assert(static_cast<int>(at::kBool) == CTORCH_BOOL);
static_assert(static_cast<int>(at::kBFloat16) == CTORCH_BFLOAT16);
static_assert(static_cast<int>(at::kCPU) == CTORCH_CPU);
static_assert(static_cast<int>(at::kCUDA) == CTORCH_CUDA);

using namespace ctorch;

namespace ctorch {

std::atomic<int64_t> live_handles{0};

static thread_local std::string last_error;

// 32 bits mean 32 bits on a GPU too: with TF32, libtorch's default for convolutions, probabilities were up to 0.02
// away from the CPU's (measured on an H200). Who wants speed has bf16.
[[maybe_unused]] static const ctorch_status exact_float32 = guarded([] {
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setAllowTF32CuBLAS(false);
});

ctorch_status fail(ctorch_status status, const char *text) noexcept {
    try {
        last_error = text;
    } catch (...) {
        last_error.clear(); // no memory for the text; the status still tells
    }
    return status;
}

} // namespace ctorch

namespace {

#if __has_include(<dlfcn.h>)
#if defined(__APPLE__)
constexpr const char *driver_library = "libcuda.dylib";
#else
constexpr const char *driver_library = "libcuda.so.1";
#endif

// A CUDA build of libtorch registers its kernels when libtorch_cuda is loaded. Nothing in this program
// names a symbol of it, so the linker may drop it; asking by name makes the same program use whichever
// build lies on its library path. Must happen before libtorch first looks for its CUDA hooks.
[[maybe_unused]] const bool cuda_library_loaded = [] {
    return dlopen("libtorch_cuda.so", RTLD_LAZY | RTLD_GLOBAL) != nullptr;
}();

// Name and compute capability through the driver's C interface, so that no CUDA header is needed.
void describe_by_driver(ctorch_cuda_facts &facts, int index) {
    static void *const driver = dlopen(driver_library, RTLD_LAZY | RTLD_LOCAL);
    if (driver == nullptr) return;
    const auto initialize = reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
    const auto get_device = reinterpret_cast<int (*)(int *, int)>(dlsym(driver, "cuDeviceGet"));
    const auto get_name = reinterpret_cast<int (*)(char *, int, int)>(dlsym(driver, "cuDeviceGetName"));
    const auto get_attribute = reinterpret_cast<int (*)(int *, int, int)>(dlsym(driver, "cuDeviceGetAttribute"));
    if (!initialize || !get_device || !get_name || !get_attribute) return;
    constexpr int capability_major = 75, capability_minor = 76; // CUdevice_attribute in cuda.h
    int device = 0;
    if (initialize(0) != 0 || get_device(&device, index) != 0) return;
    if (get_name(facts.name, sizeof facts.name, device) != 0) facts.name[0] = 0;
    facts.name[sizeof facts.name - 1] = 0;
    if (get_attribute(&facts.capability_major, capability_major, device) != 0) facts.capability_major = 0;
    if (get_attribute(&facts.capability_minor, capability_minor, device) != 0) facts.capability_minor = 0;
}
#else
void describe_by_driver(ctorch_cuda_facts &, int) {}
#endif

int cuda_device_count() {
    return at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
}

void check_cuda_device(int index) {
    TORCH_CHECK(at::hasCUDA(), "cuda:", index, " was asked for, but this build of libtorch has no CUDA");
    const int count = cuda_device_count();
    TORCH_CHECK(index >= 0 && index < count, "cuda:", index, " was asked for, but there are ", count,
                " CUDA devices");
}

} // namespace

const char *ctorch_last_error(void) { return last_error.c_str(); }

int64_t ctorch_live_handles(void) { return live_handles.load(std::memory_order_relaxed); }

const char *ctorch_version(void) { return TORCH_VERSION; }

const char *ctorch_build_description(void) {
    static thread_local std::string text;
    const auto status = guarded([] { text = at::show_config() + at::get_parallel_info(); });
    return status == CTORCH_OK ? text.c_str() : "";
}

const char *ctorch_cpu_capability(void) {
    static thread_local std::string text;
    const auto status = guarded([] { text = at::get_cpu_capability(); });
    return status == CTORCH_OK ? text.c_str() : "";
}

ctorch_status ctorch_cpu_has_feature(bool *out, const char *name) {
    *out = false;
    return guarded([&] {
        const auto features = at::cpu::get_cpu_capabilities();
        const auto found = features.find(name);
        *out = found != features.end() && found->second.isBool() && found->second.toBool();
    });
}

bool ctorch_cpu_is_intel(void) {
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_is("intel") != 0;
#else
    return false;
#endif
}

int32_t ctorch_thread_count(void) {
    int32_t count = 1;
    (void)guarded([&] { count = at::get_num_threads(); });
    return count;
}

ctorch_status ctorch_set_thread_count(int32_t count) {
    return guarded([&] {
        TORCH_CHECK(count >= 1, "the number of threads must be at least 1, got ", count);
        at::set_num_threads(count);
    });
}

ctorch_status ctorch_set_deterministic(bool on) {
    return guarded([&] {
        auto &context = at::globalContext();
        context.setDeterministicAlgorithms(on, /*warn_only=*/true);
        // Filling fresh memory serves debugging only, and costs a pass over every result.
        context.setDeterministicFillUninitializedMemory(false);
        context.setDeterministicCuDNN(on);
        context.setBenchmarkCuDNN(false);
    });
}

int32_t ctorch_cuda_device_count(void) {
    int32_t count = 0;
    (void)guarded([&] { count = cuda_device_count(); });
    return count;
}

ctorch_status ctorch_cuda_describe(ctorch_cuda_facts *out, int32_t index) {
    std::memset(out, 0, sizeof *out);
    return guarded([&] {
        check_cuda_device(index);
        at::globalContext().lazyInitDevice(at::kCUDA);
        describe_by_driver(*out, index);
        auto *allocator = at::getDeviceAllocator(at::kCUDA);
        const auto device = static_cast<at::DeviceIndex>(index);
        const auto memory = allocator->getMemoryInfo(device);
        out->memory_free = memory.first;
        out->memory_total = memory.second;
        out->memory_peak = static_cast<uint64_t>(allocator->getDeviceStats(device).allocated_bytes[0].peak);
    });
}

ctorch_status ctorch_synchronize(ctorch_device device) {
    return guarded([&] {
        if (device_type(device.type) == at::kCPU) return;
        check_cuda_device(device.index);
        at::detail::getCUDAHooks().deviceSynchronize(static_cast<at::DeviceIndex>(device.index));
    });
}

ctorch_status ctorch_empty_cache(ctorch_device device) {
    return guarded([&] {
        if (device_type(device.type) == at::kCPU) return;
        check_cuda_device(device.index);
        at::getDeviceAllocator(at::kCUDA)->emptyCache();
    });
}

bool ctorch_set_gradients_enabled(bool on) {
    const bool previous = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(on);
    // A weight cast while nothing was recorded would be reused, and its gradient lost.
    if (on != previous) (void)guarded([] { at::autocast::clear_cache(); });
    return previous;
}

ctorch_status ctorch_autocast_begin(ctorch_autocast_state *previous, ctorch_device_type type,
                                    ctorch_autocast_state wanted) {
    return guarded([&] {
        const auto device = device_type(type);
        if (wanted.enabled) {
            const auto dtype = scalar_type(wanted.dtype);
            TORCH_CHECK(dtype == at::kBFloat16 || dtype == at::kHalf,
                        "autocast computes in bfloat16 or float16, not in ", dtype);
        }
        previous->enabled = at::autocast::is_autocast_enabled(device);
        previous->dtype = static_cast<ctorch_dtype>(at::autocast::get_autocast_dtype(device));
        if (wanted.enabled) at::autocast::set_autocast_dtype(device, scalar_type(wanted.dtype));
        at::autocast::set_autocast_enabled(device, wanted.enabled);
        // Last: a begin that fails leaves no nesting that nobody ends.
        at::autocast::increment_nesting();
    });
}

ctorch_status ctorch_autocast_end(ctorch_device_type type, ctorch_autocast_state previous) {
    return guarded([&] {
        const auto device = device_type(type);
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(device, previous.enabled);
        at::autocast::set_autocast_dtype(device, scalar_type(previous.dtype));
    });
}

ctorch_status ctorch_generator_new(ctorch_generator **out, uint64_t seed, ctorch_device device) {
    *out = nullptr;
    return guarded([&] {
        at::Generator generator;
        if (device_type(device.type) == at::kCPU) {
            generator = at::detail::createCPUGenerator(seed);
        } else {
            check_cuda_device(device.index);
            at::globalContext().lazyInitDevice(at::kCUDA);
            generator = at::detail::getCUDAHooks().getNewGenerator(static_cast<at::DeviceIndex>(device.index));
            generator.set_current_seed(seed);
        }
        *out = new ctorch_generator{std::move(generator)};
        live_handles.fetch_add(1, std::memory_order_relaxed);
    });
}

void ctorch_generator_free(ctorch_generator *generator) {
    if (generator == nullptr) return;
    delete generator;
    live_handles.fetch_sub(1, std::memory_order_relaxed);
}

ctorch_status ctorch_generator_state(ctorch_tensor **out, ctorch_generator *generator) {
    return produce(out, [&] {
        auto &drawn = borrowed(generator);
        const std::scoped_lock lock(drawn.mutex());
        return drawn.get_state();
    });
}

ctorch_status ctorch_generator_set_state(ctorch_generator *generator, const ctorch_tensor *state) {
    return guarded([&] {
        auto &drawn = borrowed(generator);
        const std::scoped_lock lock(drawn.mutex());
        drawn.set_state(borrowed(state));
    });
}
