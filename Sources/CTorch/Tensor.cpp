// Making tensors, reading them, moving them between types, devices and memory layouts.
#include "Shim.h"

#include <c10/util/safe_numerics.h>

#include <cstring>

using namespace ctorch;

namespace {

at::IntArrayRef dimensions(const int64_t *shape, int32_t rank) {
    TORCH_CHECK(rank >= 0 && rank <= CTORCH_MAX_RANK, "a tensor has at most ", CTORCH_MAX_RANK,
                " dimensions here, got ", rank);
    for (int32_t i = 0; i < rank; ++i)
        TORCH_CHECK(shape[i] >= 0, "dimension ", i, " is negative: ", shape[i]);
    return at::IntArrayRef(shape, static_cast<size_t>(rank));
}

// Bytes of a tensor; refuses products that do not fit.
size_t byte_count_of(at::IntArrayRef shape, at::ScalarType type) {
    uint64_t bytes = c10::elementSize(type);
    for (const int64_t extent : shape)
        TORCH_CHECK(!c10::mul_overflows(bytes, static_cast<uint64_t>(extent), &bytes),
                    "shape ", shape, " takes more bytes than a number can hold");
    return bytes;
}

at::MemoryFormat memory_format(ctorch_layout layout) {
    switch (layout) {
    case CTORCH_CONTIGUOUS: return at::MemoryFormat::Contiguous;
    case CTORCH_CHANNELS_LAST: return at::MemoryFormat::ChannelsLast;
    case CTORCH_PRESERVE: return at::MemoryFormat::Preserve;
    default: TORCH_CHECK(false, "unknown memory layout ", layout);
    }
}

} // namespace

void ctorch_tensor_free(ctorch_tensor *tensor) {
    if (tensor == nullptr) return;
    delete tensor;
    live_handles.fetch_sub(1, std::memory_order_relaxed);
}

ctorch_status ctorch_tensor_describe(ctorch_tensor_facts *out, const ctorch_tensor *tensor) {
    std::memset(out, 0, sizeof *out);
    return guarded([&] {
        const auto &x = borrowed(tensor);
        TORCH_CHECK(x.dim() <= CTORCH_MAX_RANK, "a tensor has at most ", CTORCH_MAX_RANK,
                    " dimensions here, got ", x.dim());
        out->dtype = static_cast<ctorch_dtype>(x.scalar_type());
        out->device = {static_cast<ctorch_device_type>(x.device().type()), x.is_cpu() ? 0 : x.device().index()};
        out->rank = static_cast<int32_t>(x.dim());
        for (int64_t i = 0; i < x.dim(); ++i) out->shape[i] = x.size(i);
        out->count = x.numel();
        out->is_contiguous = x.is_contiguous();
        out->is_channels_last = x.dim() == 4 && x.is_contiguous(at::MemoryFormat::ChannelsLast);
        out->requires_gradient = x.requires_grad();
    });
}

ctorch_status ctorch_full(ctorch_tensor **out, const int64_t *shape, int32_t rank, ctorch_dtype dtype,
                          ctorch_device device, double value) {
    return produce(out, [&] {
        const auto extents = dimensions(shape, rank);
        (void)byte_count_of(extents, scalar_type(dtype));
        return at::full(extents, value, at::TensorOptions(torch_device(device)).dtype(scalar_type(dtype)));
    });
}

ctorch_status ctorch_from_bytes(ctorch_tensor **out, const void *bytes, size_t byte_count,
                                const int64_t *shape, int32_t rank, ctorch_dtype dtype, ctorch_layout layout) {
    return produce(out, [&] {
        const auto extents = dimensions(shape, rank);
        const auto type = scalar_type(dtype);
        const auto expected = byte_count_of(extents, type);
        TORCH_CHECK(byte_count == expected, "shape ", extents, " of ", type, " takes ", expected,
                    " bytes, got ", byte_count);
        TORCH_CHECK(layout != CTORCH_PRESERVE, "new elements need a memory layout of their own");
        auto result = at::empty(extents, at::TensorOptions(at::kCPU).dtype(type), memory_format(layout));
        if (byte_count > 0) std::memcpy(result.mutable_data_ptr(), bytes, byte_count);
        return result;
    });
}

ctorch_status ctorch_to_bytes(void *bytes, size_t byte_count, const ctorch_tensor *x) {
    return guarded([&] {
        const auto source = borrowed(x).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(byte_count == source.nbytes(), "a tensor of shape ", source.sizes(), " holds ",
                    source.nbytes(), " bytes, room was given for ", byte_count);
        if (byte_count > 0) std::memcpy(bytes, source.const_data_ptr(), byte_count);
    });
}

ctorch_status ctorch_item(double *out, const ctorch_tensor *x) {
    *out = 0;
    return guarded([&] { *out = borrowed(x).item().toDouble(); });
}

ctorch_status ctorch_uniform(ctorch_tensor **out, const int64_t *shape, int32_t rank, double low, double high,
                             ctorch_generator *generator) {
    return produce(out, [&] {
        const auto extents = dimensions(shape, rank);
        (void)byte_count_of(extents, at::kFloat);
        auto &drawn = borrowed(generator);
        return at::empty(extents, at::TensorOptions(drawn.device()).dtype(at::kFloat))
            .uniform_(low, high, drawn);
    });
}

ctorch_status ctorch_normal(ctorch_tensor **out, const int64_t *shape, int32_t rank, double mean,
                            double deviation, ctorch_generator *generator) {
    return produce(out, [&] {
        const auto extents = dimensions(shape, rank);
        (void)byte_count_of(extents, at::kFloat);
        auto &drawn = borrowed(generator);
        return at::empty(extents, at::TensorOptions(drawn.device()).dtype(at::kFloat))
            .normal_(mean, deviation, drawn);
    });
}

ctorch_status ctorch_convert(ctorch_tensor **out, const ctorch_tensor *x, ctorch_device device,
                             ctorch_dtype dtype, ctorch_layout layout, bool copy) {
    return produce(out, [&] {
        const auto &source = borrowed(x);
        return source.to(torch_device(device), scalar_type(dtype), /*non_blocking=*/false, copy,
                         memory_format(layout));
    });
}

ctorch_status ctorch_detach(ctorch_tensor **out, const ctorch_tensor *x) {
    return produce(out, [&] { return borrowed(x).detach(); });
}

ctorch_status ctorch_copy(ctorch_tensor *target, const ctorch_tensor *source) {
    return guarded([&] {
        const at::NoGradGuard unrecorded;
        borrowed(target).copy_(borrowed(source));
    });
}
