// Gradients, and whole optimiser steps in one call.
#include "Shim.h"

#include <map>
#include <tuple>

using namespace ctorch;

namespace {

// Gradients of the tensors that have one.
std::vector<at::Tensor> gradients(const ctorch_tensor *const *tensors, size_t count) {
    std::vector<at::Tensor> found;
    found.reserve(count);
    for (size_t i = 0; i < count; ++i) {
        const auto &gradient = borrowed(tensors[i]).grad();
        if (gradient.defined()) found.push_back(gradient);
    }
    return found;
}

// Same order of elements in memory; strides of dimensions of size 1 mean nothing.
bool same_layout(const at::Tensor &a, const at::Tensor &b) {
    for (int64_t i = 0; i < a.dim(); ++i)
        if (a.size(i) != 1 && a.stride(i) != b.stride(i)) return false;
    return true;
}

// The fused kernels walk all their tensors as flat memory: whatever goes in must lie as the parameter does.
at::Tensor aligned(const at::Tensor &value, const at::Tensor &parameter, const char *what) {
    TORCH_CHECK(value.sizes() == parameter.sizes(), what, " of shape ", value.sizes(),
                " for a parameter of shape ", parameter.sizes());
    if (value.device() == parameter.device() && value.scalar_type() == parameter.scalar_type()
        && same_layout(value, parameter))
        return value;
    return at::empty_like(parameter).copy_(value);
}

// The state in slot, made by make (+1) at a parameter's first step, laid out as the parameter.
const at::Tensor &state(ctorch_tensor **slot, const at::Tensor &parameter, const char *what) {
    if (*slot == nullptr) {
        *slot = retained(at::zeros_like(parameter));
    } else {
        (*slot)->value = aligned((*slot)->value, parameter, what);
    }
    return (*slot)->value;
}

void check_parameter(const at::Tensor &parameter) {
    TORCH_CHECK(parameter.is_non_overlapping_and_dense(),
                "a parameter must fill its memory without gaps, got shape ", parameter.sizes(), " strides ",
                parameter.strides());
}

// Tensors that one fused kernel may take together.
struct Bundle {
    std::vector<at::Tensor> parameters, gradients, first, second, steps;
};
using BundleKey = std::tuple<at::DeviceType, at::DeviceIndex, at::ScalarType, bool>;

BundleKey key(const at::Tensor &parameter, bool is_first_step) {
    return {parameter.device().type(), parameter.device().index(), parameter.scalar_type(), is_first_step};
}

// Sorts the parameters of each group that have a gradient into bundles, then hands every bundle to launch: what
// needs memory comes before any parameter moves, so that a step that ran out of it can be taken again.
// is_first(i) is asked first; add_state(bundle, parameter, i) then adds the optimiser's own tensors.
template <class IsFirst, class AddState, class Launch>
void for_each_bundle(ctorch_tensor *const *parameters, const ctorch_optimizer_group *groups,
                     size_t group_count, IsFirst is_first, AddState add_state, Launch launch) {
    const at::NoGradGuard unrecorded;
    std::vector<std::map<BundleKey, Bundle>> all(group_count);
    size_t next = 0;
    for (size_t g = 0; g < group_count; ++g) {
        for (const size_t end = next + groups[g].count; next < end; ++next) {
            const auto &parameter = borrowed(parameters[next]);
            const auto &gradient = parameter.grad();
            if (!gradient.defined()) continue;
            check_parameter(parameter);
            auto &bundle = all[g][key(parameter, is_first(next))];
            bundle.parameters.push_back(parameter);
            bundle.gradients.push_back(aligned(gradient, parameter, "a gradient"));
            add_state(bundle, parameter, next);
        }
    }
    for (size_t g = 0; g < group_count; ++g)
        for (auto &[bundle_key, bundle] : all[g]) launch(bundle, groups[g], std::get<bool>(bundle_key));
}

} // namespace

ctorch_status ctorch_set_requires_gradient(ctorch_tensor *tensor, bool on) {
    return guarded([&] { borrowed(tensor).set_requires_grad(on); });
}

ctorch_status ctorch_gradient(ctorch_tensor **out, const ctorch_tensor *tensor) {
    *out = nullptr;
    return guarded([&] {
        const auto &gradient = borrowed(tensor).grad();
        if (gradient.defined()) *out = retained(gradient);
    });
}

ctorch_status ctorch_clear_gradients(const ctorch_tensor *const *tensors, size_t count) {
    return guarded([&] {
        for (size_t i = 0; i < count; ++i) borrowed(tensors[i]).mutable_grad().reset();
    });
}

ctorch_status ctorch_backward(const ctorch_tensor *loss) {
    return guarded([&] { borrowed(loss).backward(); });
}

ctorch_status ctorch_clip_gradient_norm(double *norm, const ctorch_tensor *const *tensors, size_t count,
                                        double maximum) {
    *norm = 0;
    return guarded([&] {
        const at::NoGradGuard unrecorded;
        const auto found = gradients(tensors, count);
        if (found.empty()) return;
        std::vector<at::Tensor> norms;
        norms.reserve(found.size());
        for (const auto &one : at::_foreach_norm(found, 2)) norms.push_back(one.to(found[0].device()));
        *norm = at::linalg_vector_norm(at::stack(norms), 2).item().toDouble();
        const double factor = maximum / (*norm + 1e-6);
        if (!(factor >= 1)) at::_foreach_mul_(found, factor);
    });
}

ctorch_status ctorch_sgd_step(ctorch_tensor *const *parameters, ctorch_tensor **buffers,
                              const ctorch_optimizer_group *groups, size_t group_count, double momentum,
                              bool nesterov) {
    return guarded([&] {
        for_each_bundle(
            parameters, groups, group_count,
            // The first step sets the buffer to the gradient instead of adding to zero, per kernel call.
            [&](size_t i) { return momentum != 0 && buffers[i] == nullptr; },
            [&](Bundle &bundle, const at::Tensor &parameter, size_t i) {
                if (momentum != 0) bundle.first.push_back(state(&buffers[i], parameter, "a momentum buffer"));
            },
            [&](Bundle &bundle, const ctorch_optimizer_group &group, bool is_first) {
                at::_fused_sgd_(bundle.parameters, bundle.gradients, bundle.first, group.weight_decay,
                                momentum, group.learning_rate, /*dampening=*/0, nesterov, /*maximize=*/false,
                                is_first);
            });
    });
}

ctorch_status ctorch_adamw_step(ctorch_tensor *const *parameters, ctorch_tensor **first,
                                ctorch_tensor **second, ctorch_tensor **steps,
                                const ctorch_optimizer_group *groups, size_t group_count, double beta1,
                                double beta2, double epsilon) {
    return guarded([&] {
        for_each_bundle(
            parameters, groups, group_count, [](size_t) { return false; },
            [&](Bundle &bundle, const at::Tensor &parameter, size_t i) {
                bundle.first.push_back(state(&first[i], parameter, "a first moment"));
                bundle.second.push_back(state(&second[i], parameter, "a second moment"));
                // The kernels read the step count, a float32 scalar, where the parameter lies.
                const auto scalar = at::empty({}, parameter.options().dtype(at::kFloat));
                if (steps[i] == nullptr) steps[i] = retained(at::zeros_like(scalar));
                steps[i]->value = aligned(steps[i]->value, scalar, "a step count");
                bundle.steps.push_back(steps[i]->value);
            },
            [&](Bundle &bundle, const ctorch_optimizer_group &group, bool) {
                at::_foreach_add_(bundle.steps, 1);
                at::_fused_adamw_(bundle.parameters, bundle.gradients, bundle.first, bundle.second, {},
                                  bundle.steps, group.learning_rate, beta1, beta2, group.weight_decay, epsilon,
                                  /*amsgrad=*/false, /*maximize=*/false);
            });
    });
}

ctorch_status ctorch_average_step(ctorch_tensor *const *averages, const ctorch_tensor *const *values,
                                  size_t count, double weight) {
    return guarded([&] {
        const at::NoGradGuard unrecorded;
        if (count == 0) return;
        std::vector<at::Tensor> moving, latest;
        moving.reserve(count);
        latest.reserve(count);
        for (size_t i = 0; i < count; ++i) {
            moving.push_back(borrowed(averages[i]));
            latest.push_back(borrowed(values[i]));
        }
        at::_foreach_lerp_(moving, latest, weight);
    });
}

ctorch_status ctorch_exchange(ctorch_tensor *const *a, ctorch_tensor *const *b, size_t count) {
    return guarded([&] {
        const auto left = borrowed(a, count), right = borrowed(b, count);
        for (size_t i = 0; i < count; ++i) {
            TORCH_CHECK(left[i].sizes() == right[i].sizes() && left[i].options().type_equal(right[i].options())
                            && left[i].device() == right[i].device(),
                        "tensor ", i, " of shape ", left[i].sizes(), " cannot change places with one of shape ",
                        right[i].sizes(), ", or their types or devices differ");
        }
        // Whatever needs memory comes before the first change.
        std::vector<at::Tensor> from_left, from_right;
        from_left.reserve(count);
        from_right.reserve(count);
        for (size_t i = 0; i < count; ++i) {
            from_left.push_back(left[i].detach());
            from_right.push_back(right[i].detach());
        }
        for (size_t i = 0; i < count; ++i) {
            left[i].set_data(from_right[i]);
            right[i].set_data(from_left[i]);
        }
    });
}

ctorch_status ctorch_unscale_gradients(bool *found, const ctorch_tensor *const *tensors, size_t count,
                                       double scale) {
    *found = false;
    return guarded([&] {
        const at::NoGradGuard unrecorded;
        std::map<BundleKey, std::vector<at::Tensor>> bundles;
        for (auto &gradient : gradients(tensors, count)) {
            TORCH_CHECK(gradient.scalar_type() != at::kHalf,
                        "gradients in float16 cannot be unscaled; keep the parameters in float32");
            bundles[key(gradient, false)].push_back(gradient);
        }
        for (auto &[bundle_key, bundle] : bundles) {
            const auto options = bundle[0].options().dtype(at::kFloat);
            auto flag = at::zeros({}, options);
            at::_amp_foreach_non_finite_check_and_unscale_(bundle, flag, at::full({}, 1 / scale, options));
            *found = *found || flag.item<float>() != 0;
        }
    });
}
