// Arithmetic, shapes, and the layers of a residual network.
#include "Shim.h"

using namespace ctorch;

ctorch_status ctorch_unary(ctorch_tensor **out, ctorch_unary_operation operation, const ctorch_tensor *x) {
    return produce(out, [&]() -> at::Tensor {
        const auto &value = borrowed(x);
        switch (operation) {
        case CTORCH_RELU: return at::relu(value);
        case CTORCH_SQRT: return at::sqrt(value);
        case CTORCH_EXP: return at::exp(value);
        case CTORCH_LOG: return at::log(value);
        case CTORCH_NEGATE: return at::neg(value);
        case CTORCH_ABS: return at::abs(value);
        default: TORCH_CHECK(false, "unknown unary operation ", operation);
        }
    });
}

ctorch_status ctorch_binary(ctorch_tensor **out, ctorch_binary_operation operation, const ctorch_tensor *a,
                            const ctorch_tensor *b) {
    return produce(out, [&]() -> at::Tensor {
        const auto &left = borrowed(a);
        const auto &right = borrowed(b);
        switch (operation) {
        case CTORCH_ADD: return at::add(left, right);
        case CTORCH_SUBTRACT: return at::sub(left, right);
        case CTORCH_MULTIPLY: return at::mul(left, right);
        case CTORCH_DIVIDE: return at::div(left, right);
        case CTORCH_MATMUL: return at::matmul(left, right);
        default: TORCH_CHECK(false, "unknown binary operation ", operation);
        }
    });
}

ctorch_status ctorch_binary_scalar(ctorch_tensor **out, ctorch_binary_operation operation,
                                   const ctorch_tensor *a, double b) {
    return produce(out, [&]() -> at::Tensor {
        const auto &left = borrowed(a);
        switch (operation) {
        case CTORCH_ADD: return at::add(left, b);
        case CTORCH_SUBTRACT: return at::sub(left, b);
        case CTORCH_MULTIPLY: return at::mul(left, b);
        case CTORCH_DIVIDE: return at::div(left, b);
        default: TORCH_CHECK(false, "unknown operation ", operation, " with a number");
        }
    });
}

ctorch_status ctorch_reduce(ctorch_tensor **out, ctorch_reduction reduction, const ctorch_tensor *x,
                            const int64_t *dimensions, int32_t dimension_count, bool keep_dimensions) {
    return produce(out, [&]() -> at::Tensor {
        const auto &value = borrowed(x);
        TORCH_CHECK(dimension_count >= 0, "a negative number of dimensions: ", dimension_count);
        const at::IntArrayRef over(dimensions, static_cast<size_t>(dimension_count));
        switch (reduction) {
        case CTORCH_SUM: return at::sum(value, over, keep_dimensions);
        case CTORCH_MEAN: return at::mean(value, over, keep_dimensions);
        case CTORCH_VARIANCE_UNBIASED: return at::var(value, over, /*correction=*/1, keep_dimensions);
        case CTORCH_VARIANCE_BIASED: return at::var(value, over, /*correction=*/0, keep_dimensions);
        default: TORCH_CHECK(false, "unknown reduction ", reduction);
        }
    });
}

ctorch_status ctorch_softmax(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension, bool logarithm) {
    return produce(out, [&] {
        const auto &value = borrowed(x);
        return logarithm ? at::log_softmax(value, dimension) : at::softmax(value, dimension);
    });
}

ctorch_status ctorch_argmax(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension) {
    return produce(out, [&] { return at::argmax(borrowed(x), dimension); });
}

ctorch_status ctorch_symmetric_eigen(ctorch_tensor **values, ctorch_tensor **vectors, const ctorch_tensor *x) {
    *values = nullptr;
    *vectors = nullptr;
    return guarded([&] {
        auto [found, basis] = at::linalg_eigh(borrowed(x), "L");
        *values = retained(std::move(found));
        *vectors = retained(std::move(basis));
    });
}

ctorch_status ctorch_all_finite(bool *out, const ctorch_tensor *const *tensors, size_t count) {
    *out = false;
    return guarded([&] {
        const at::NoGradGuard unrecorded;
        // Flags stay on the device until the end, so that a GPU is waited for once.
        std::vector<at::Tensor> flags;
        for (const auto &value : borrowed(tensors, count))
            if (value.is_floating_point()) flags.push_back(at::isfinite(value).all());
        *out = flags.empty() || at::stack(flags).all().item<bool>();
    });
}

ctorch_status ctorch_reshape(ctorch_tensor **out, const ctorch_tensor *x, const int64_t *shape, int32_t rank) {
    return produce(out, [&] {
        TORCH_CHECK(rank >= 0 && rank <= CTORCH_MAX_RANK, "cannot reshape to ", rank, " dimensions");
        return at::reshape(borrowed(x), at::IntArrayRef(shape, static_cast<size_t>(rank)));
    });
}

ctorch_status ctorch_flatten(ctorch_tensor **out, const ctorch_tensor *x, int64_t from) {
    return produce(out, [&] { return at::flatten(borrowed(x), from, -1); });
}

ctorch_status ctorch_permute(ctorch_tensor **out, const ctorch_tensor *x, const int64_t *order, int32_t rank) {
    return produce(out, [&] {
        TORCH_CHECK(rank >= 0 && rank <= CTORCH_MAX_RANK, "cannot permute ", rank, " dimensions");
        return at::permute(borrowed(x), at::IntArrayRef(order, static_cast<size_t>(rank)));
    });
}

ctorch_status ctorch_narrow(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension, int64_t start,
                            int64_t length) {
    return produce(out, [&] { return at::narrow(borrowed(x), dimension, start, length); });
}

ctorch_status ctorch_index_select(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension,
                                  const ctorch_tensor *indices) {
    return produce(out, [&] { return at::index_select(borrowed(x), dimension, borrowed(indices)); });
}

ctorch_status ctorch_concatenate(ctorch_tensor **out, const ctorch_tensor *const *tensors, size_t count,
                                 int64_t dimension) {
    return produce(out, [&] { return at::cat(borrowed(tensors, count), dimension); });
}

ctorch_status ctorch_stack(ctorch_tensor **out, const ctorch_tensor *const *tensors, size_t count,
                           int64_t dimension) {
    return produce(out, [&] { return at::stack(borrowed(tensors, count), dimension); });
}

ctorch_status ctorch_conv2d(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                            const ctorch_tensor *bias, int64_t stride, int64_t padding) {
    return produce(out, [&] {
        return at::conv2d(borrowed(x), borrowed(weight), optional(bias), {stride, stride}, {padding, padding});
    });
}

ctorch_status ctorch_conv2d_norm(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                                 const ctorch_tensor *norm_weight, const ctorch_tensor *norm_bias,
                                 const ctorch_tensor *running_mean, const ctorch_tensor *running_variance,
                                 double epsilon, int64_t stride, int64_t padding,
                                 const ctorch_tensor *residual, bool relu) {
    return produce(out, [&]() -> at::Tensor {
        const auto &kernel = borrowed(weight);
        TORCH_CHECK(kernel.dim() == 4, "weights of a convolution have 4 dimensions, got ", kernel.dim());
        const at::Tensor scale = borrowed(norm_weight) / at::sqrt(borrowed(running_variance) + epsilon);
        const at::Tensor shift = borrowed(norm_bias) - borrowed(running_mean) * scale;
        at::Tensor result = at::conv2d(borrowed(x), kernel * scale.view({-1, 1, 1, 1}), shift,
                                       {stride, stride}, {padding, padding});
        // In place: nothing else needs what the convolution gave, and memory traffic is half the cost.
        if (residual != nullptr) result.add_(borrowed(residual));
        if (relu) result.relu_();
        return result;
    });
}

ctorch_status ctorch_batch_norm(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                                const ctorch_tensor *bias, ctorch_tensor *running_mean,
                                ctorch_tensor *running_variance, bool training, double momentum,
                                double epsilon) {
    return produce(out, [&] {
        const auto &value = borrowed(x);
        // As torch.nn.functional.batch_norm: libtorch itself would divide by zero without a word.
        TORCH_CHECK(!training || value.dim() < 2 || value.size(1) == 0 || value.numel() / value.size(1) > 1,
                    "batch norm needs more than one value per channel when training, got input of shape ",
                    value.sizes());
        return at::batch_norm(value, borrowed(weight), borrowed(bias), borrowed(running_mean),
                              borrowed(running_variance), training, momentum, epsilon,
                              /*cudnn_enabled=*/true);
    });
}

ctorch_status ctorch_max_pool2d(ctorch_tensor **out, const ctorch_tensor *x, int64_t kernel_size,
                                int64_t stride, int64_t padding) {
    return produce(out, [&] {
        return at::max_pool2d(borrowed(x), {kernel_size, kernel_size}, {stride, stride}, {padding, padding});
    });
}

ctorch_status ctorch_linear(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                            const ctorch_tensor *bias) {
    return produce(out, [&] { return at::linear(borrowed(x), borrowed(weight), optional(bias)); });
}

ctorch_status ctorch_cross_entropy(ctorch_tensor **out, const ctorch_tensor *logits,
                                   const ctorch_tensor *targets, const ctorch_tensor *class_weights,
                                   double label_smoothing) {
    return produce(out, [&] {
        const auto &values = borrowed(logits);
        // Under autocast the logits arrive in 16 bits; a loss is summed in 32.
        const auto precise = values.scalar_type() == at::kDouble ? values : values.to(at::kFloat);
        return at::cross_entropy_loss(precise, borrowed(targets), optional(class_weights), at::Reduction::Mean,
                                      /*ignore_index=*/-100, label_smoothing);
    });
}
