// What the source files share: the handles, and the one place where exceptions end.
#pragma once

#include "CTorch.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <atomic>
#include <cstring>
#include <exception>
#include <new>
#include <utility>
#include <vector>

struct ctorch_tensor {
    at::Tensor value;
};

struct ctorch_generator {
    at::Generator value;
};

namespace ctorch {

extern std::atomic<int64_t> live_handles;

// Keeps text for ctorch_last_error and returns status.
ctorch_status fail(ctorch_status status, const char *text) noexcept;

// Runs body; every exception becomes a status here and nowhere else.
template <typename Body> ctorch_status guarded(Body &&body) noexcept {
    try {
        body();
        return CTORCH_OK;
    } catch (const c10::OutOfMemoryError &error) {
        return fail(CTORCH_OUT_OF_MEMORY, error.what_without_backtrace());
    } catch (const c10::Error &error) {
        // The CPU's allocator throws no type of its own.
        const bool no_memory = std::strstr(error.what_without_backtrace(), "can't allocate memory") != nullptr;
        return fail(no_memory ? CTORCH_OUT_OF_MEMORY : CTORCH_ERROR, error.what_without_backtrace());
    } catch (const std::bad_alloc &) {
        return fail(CTORCH_OUT_OF_MEMORY, "the C++ library is out of memory");
    } catch (const std::exception &error) {
        return fail(CTORCH_ERROR, error.what());
    } catch (...) {
        return fail(CTORCH_ERROR, "an exception of unknown type");
    }
}

inline ctorch_tensor *retained(at::Tensor value) {
    auto *handle = new ctorch_tensor{std::move(value)};
    live_handles.fetch_add(1, std::memory_order_relaxed);
    return handle;
}

// Runs body and hands its tensor out (+1).
template <typename Body> ctorch_status produce(ctorch_tensor **out, Body &&body) noexcept {
    *out = nullptr;
    return guarded([&] { *out = retained(body()); });
}

inline const at::Tensor &borrowed(const ctorch_tensor *handle) {
    TORCH_CHECK(handle != nullptr, "a tensor is missing (NULL)");
    return handle->value;
}

inline at::Generator &borrowed(ctorch_generator *handle) {
    TORCH_CHECK(handle != nullptr, "a generator is missing (NULL)");
    return handle->value;
}

inline std::optional<at::Tensor> optional(const ctorch_tensor *handle) {
    return handle == nullptr ? std::nullopt : std::optional<at::Tensor>(handle->value);
}

inline std::vector<at::Tensor> borrowed(const ctorch_tensor *const *handles, size_t count) {
    std::vector<at::Tensor> values;
    values.reserve(count);
    for (size_t i = 0; i < count; ++i) values.push_back(borrowed(handles[i]));
    return values;
}

inline at::ScalarType scalar_type(ctorch_dtype dtype) {
    switch (dtype) {
    case CTORCH_UINT8:
    case CTORCH_INT8:
    case CTORCH_INT16:
    case CTORCH_INT32:
    case CTORCH_INT64:
    case CTORCH_FLOAT16:
    case CTORCH_FLOAT32:
    case CTORCH_FLOAT64:
    case CTORCH_BOOL:
    case CTORCH_BFLOAT16: return static_cast<at::ScalarType>(dtype);
    default: TORCH_CHECK(false, "unknown element type ", dtype);
    }
}

inline at::DeviceType device_type(ctorch_device_type type) {
    TORCH_CHECK(type == CTORCH_CPU || type == CTORCH_CUDA, "unknown device type ", type);
    return static_cast<at::DeviceType>(type);
}

inline at::Device torch_device(ctorch_device device) {
    const auto type = device_type(device.type);
    if (type == at::kCPU) return at::Device(type);
    TORCH_CHECK(device.index >= 0 && device.index <= 127, "cuda:", device.index, " is no device number");
    return at::Device(type, static_cast<at::DeviceIndex>(device.index));
}

} // namespace ctorch
