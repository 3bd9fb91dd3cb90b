/*
 * CTorch: what Tailor needs of libtorch, as plain C.
 *
 * Rules that hold for every function here:
 *  - Returns CTORCH_OK, or an error whose text ctorch_last_error() gives. Nothing throws, nothing aborts.
 *  - Results come through the leading `out` parameters, set to NULL first, and belong to the caller ("+1"):
 *    give them back with ctorch_tensor_free / ctorch_generator_free. Arguments are borrowed.
 *  - A NULL tensor or generator is an error with a text, except where the comment allows it. Other pointers
 *    (results, names, arrays of more than no elements) must not be NULL.
 *  - A handle may be used from one thread at a time. The error text, the gradient mode and the autocast
 *    state belong to the calling thread, as in libtorch.
 *  - A result may share its elements with its argument where the comment says "view".
 *  - Dimensions may be negative (from the end), as in PyTorch. No pointer is kept after the call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctorch_tensor ctorch_tensor;
typedef struct ctorch_generator ctorch_generator;

typedef int32_t ctorch_status;
enum {
    CTORCH_OK = 0,
    CTORCH_ERROR = 1,         /* libtorch or the C++ library refused; see ctorch_last_error */
    CTORCH_OUT_OF_MEMORY = 2, /* of the host or of the device; a smaller batch may do */
};

/* Element types, numbered as libtorch numbers them. */
typedef int32_t ctorch_dtype;
enum {
    CTORCH_UINT8 = 0,
    CTORCH_INT8 = 1,
    CTORCH_INT16 = 2,
    CTORCH_INT32 = 3,
    CTORCH_INT64 = 4,
    CTORCH_FLOAT16 = 5,
    CTORCH_FLOAT32 = 6,
    CTORCH_FLOAT64 = 7,
    CTORCH_BOOL = 11,
    CTORCH_BFLOAT16 = 15,
};

typedef int32_t ctorch_device_type;
enum {
    CTORCH_CPU = 0,
    CTORCH_CUDA = 1,
};

typedef struct {
    ctorch_device_type type;
    int32_t index; /* ignored for the CPU */
} ctorch_device;

typedef int32_t ctorch_layout;
enum {
    CTORCH_CONTIGUOUS = 0,
    CTORCH_CHANNELS_LAST = 1, /* [n, c, h, w] whose memory runs n, h, w, c */
    CTORCH_PRESERVE = 2,
};

enum { CTORCH_MAX_RANK = 8 };

/* ---- Runtime.cpp: errors, versions, devices, modes ------------------------------------------------ */

/* Why the last call on this thread failed, without a C++ backtrace. Borrowed; valid until the next call. */
const char *ctorch_last_error(void);
/* Tensors and generators handed out and not yet given back, in the whole process. */
int64_t ctorch_live_handles(void);

/* "2.13.0". Static. */
const char *ctorch_version(void);
/* libtorch's own account of its build and threads, several lines. Borrowed; valid until the next call. */
const char *ctorch_build_description(void);
/* The instruction set that libtorch's CPU kernels use: "AVX2", "AVX512", "SVE256", "DEFAULT"… */
const char *ctorch_cpu_capability(void);
/* Whether the CPU reports a feature by cpuinfo's name: "avx512_bf16", "amx_bf16", "bf16" (arm64)… */
ctorch_status ctorch_cpu_has_feature(bool *out, const char *name);
/* Whether the CPU is Intel's. */
bool ctorch_cpu_is_intel(void);

/* Threads that one operation is split over; at least 1. */
int32_t ctorch_thread_count(void);
ctorch_status ctorch_set_thread_count(int32_t count);
/* Only algorithms that repeat bit for bit; an operation that has none warns on standard error. */
ctorch_status ctorch_set_deterministic(bool on);

/* CUDA devices that this libtorch can use: 0 for a CPU build or without a driver. */
int32_t ctorch_cuda_device_count(void);
typedef struct {
    char name[256];           /* empty when the driver does not tell */
    int32_t capability_major; /* 0 when the driver does not tell */
    int32_t capability_minor;
    uint64_t memory_free; /* bytes */
    uint64_t memory_total;
    uint64_t memory_peak; /* most bytes that tensors of this process have held at once */
} ctorch_cuda_facts;
ctorch_status ctorch_cuda_describe(ctorch_cuda_facts *out, int32_t index);
/* Waits until the device has finished what it was given. Nothing to do on the CPU. */
ctorch_status ctorch_synchronize(ctorch_device device);
/* Gives memory that libtorch keeps for reuse back to the device. */
ctorch_status ctorch_empty_cache(ctorch_device device);

/* Turns gradient recording on this thread on or off; returns what it was. */
bool ctorch_set_gradients_enabled(bool on);

typedef struct {
    bool enabled;
    ctorch_dtype dtype;
} ctorch_autocast_state;
/* Autocast for one device type on this thread. Each begin is paired with an end that gets its `previous`;
 * the outermost end drops the cached low-precision weights. A begin that fails changes nothing and has no end. */
ctorch_status ctorch_autocast_begin(ctorch_autocast_state *previous, ctorch_device_type type,
                                    ctorch_autocast_state wanted);
ctorch_status ctorch_autocast_end(ctorch_device_type type, ctorch_autocast_state previous);

/* PyTorch's generator for a device, as after torch.manual_seed(seed). */
ctorch_status ctorch_generator_new(ctorch_generator **out, uint64_t seed, ctorch_device device);
void ctorch_generator_free(ctorch_generator *generator); /* NULL is fine */
/* State as a uint8 tensor on the CPU (a copy), and back. */
ctorch_status ctorch_generator_state(ctorch_tensor **out, ctorch_generator *generator);
ctorch_status ctorch_generator_set_state(ctorch_generator *generator, const ctorch_tensor *state);

/* ---- Memory.cpp: what tensors take ---------------------------------------------------------------- */

/* Begins to count the bytes that this thread's operations take for tensors and workspaces on the CPU. Begin before
 * what is freed within was made: libtorch warns on standard error of memory that it does not know. */
ctorch_status ctorch_memory_watch_begin(void);
/* The most bytes that there were at once since the begin. Fails where the thread began nothing. */
ctorch_status ctorch_memory_watch_end(int64_t *peak);
/* ---- KeepingAllocator.cpp: what becomes of memory that is freed ----------------------------------- */

/* Has freed memory kept for reuse: large blocks on Linux, within the most that was in use and an eighth, and the heap
 * with glibc. A policy of the whole process. */
void ctorch_keep_freed_memory(void);
/* Gives what is kept, and nobody uses, back to the system. */
void ctorch_release_freed_memory(void);

/* ---- Tensor.cpp: making, reading, converting ------------------------------------------------------ */

void ctorch_tensor_free(ctorch_tensor *tensor); /* NULL is fine */

typedef struct {
    ctorch_dtype dtype;
    ctorch_device device;
    int32_t rank;
    int64_t shape[CTORCH_MAX_RANK];
    int64_t count; /* elements */
    bool is_contiguous;
    bool is_channels_last; /* rank 4 only */
    bool requires_gradient;
} ctorch_tensor_facts;
/* Fails for more than CTORCH_MAX_RANK dimensions. */
ctorch_status ctorch_tensor_describe(ctorch_tensor_facts *out, const ctorch_tensor *tensor);

/* Every element equal to value. */
ctorch_status ctorch_full(ctorch_tensor **out, const int64_t *shape, int32_t rank, ctorch_dtype dtype,
                          ctorch_device device, double value);
/* Copies elements in row-major order (with CTORCH_CHANNELS_LAST: in the order n, h, w, c) into a new CPU
 * tensor; byte_count must be exactly what shape and dtype take. */
ctorch_status ctorch_from_bytes(ctorch_tensor **out, const void *bytes, size_t byte_count,
                                const int64_t *shape, int32_t rank, ctorch_dtype dtype, ctorch_layout layout);
/* Copies the elements in row-major order, from any device; byte_count must be exact. */
ctorch_status ctorch_to_bytes(void *bytes, size_t byte_count, const ctorch_tensor *x);
/* The value of a tensor of one element. */
ctorch_status ctorch_item(double *out, const ctorch_tensor *x);

/* Uniform in [low, high), or normal; float32 values drawn in PyTorch's order on the generator's device. */
ctorch_status ctorch_uniform(ctorch_tensor **out, const int64_t *shape, int32_t rank, double low, double high,
                             ctorch_generator *generator);
ctorch_status ctorch_normal(ctorch_tensor **out, const int64_t *shape, int32_t rank, double mean,
                            double deviation, ctorch_generator *generator);

/* Device, element type and memory layout. A view of x where nothing changes, unless copy is set. */
ctorch_status ctorch_convert(ctorch_tensor **out, const ctorch_tensor *x, ctorch_device device,
                             ctorch_dtype dtype, ctorch_layout layout, bool copy);
ctorch_status ctorch_detach(ctorch_tensor **out, const ctorch_tensor *x); /* view, no gradient */
/* Writes source's elements into target (same shape after broadcasting), outside gradient recording. */
ctorch_status ctorch_copy(ctorch_tensor *target, const ctorch_tensor *source);

/* ---- Operations.cpp ------------------------------------------------------------------------------- */

typedef int32_t ctorch_unary_operation;
enum {
    CTORCH_RELU,
    CTORCH_SQRT,
    CTORCH_EXP,
    CTORCH_LOG,
    CTORCH_NEGATE,
    CTORCH_ABS,
};
ctorch_status ctorch_unary(ctorch_tensor **out, ctorch_unary_operation operation, const ctorch_tensor *x);

typedef int32_t ctorch_binary_operation;
enum {
    CTORCH_ADD,
    CTORCH_SUBTRACT,
    CTORCH_MULTIPLY,
    CTORCH_DIVIDE,
    CTORCH_MATMUL, /* not with a scalar */
};
/* Elementwise with broadcasting, or the matrix product. */
ctorch_status ctorch_binary(ctorch_tensor **out, ctorch_binary_operation operation, const ctorch_tensor *a,
                            const ctorch_tensor *b);
ctorch_status ctorch_binary_scalar(ctorch_tensor **out, ctorch_binary_operation operation,
                                   const ctorch_tensor *a, double b);

typedef int32_t ctorch_reduction;
enum {
    CTORCH_SUM,
    CTORCH_MEAN,
    CTORCH_VARIANCE_UNBIASED, /* divides by n - 1 */
    CTORCH_VARIANCE_BIASED,   /* divides by n */
};
/* Over the given dimensions, or over all when dimension_count is 0. */
ctorch_status ctorch_reduce(ctorch_tensor **out, ctorch_reduction reduction, const ctorch_tensor *x,
                            const int64_t *dimensions, int32_t dimension_count, bool keep_dimensions);
ctorch_status ctorch_softmax(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension, bool logarithm);
ctorch_status ctorch_argmax(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension); /* int64 */
/* x [n, n], of which the lower triangle is read -> eigenvalues [n], ascending, and orthonormal eigenvectors [n, n],
 * one a column. Each tensor that is not NULL is +1, after a failure too. */
ctorch_status ctorch_symmetric_eigen(ctorch_tensor **values, ctorch_tensor **vectors, const ctorch_tensor *x);
/* Whether no element of any of the tensors is infinite or NaN. */
ctorch_status ctorch_all_finite(bool *out, const ctorch_tensor *const *tensors, size_t count);

ctorch_status ctorch_reshape(ctorch_tensor **out, const ctorch_tensor *x, const int64_t *shape,
                             int32_t rank); /* view where possible; one -1 is inferred */
ctorch_status ctorch_flatten(ctorch_tensor **out, const ctorch_tensor *x, int64_t from); /* view likewise */
ctorch_status ctorch_permute(ctorch_tensor **out, const ctorch_tensor *x, const int64_t *order,
                             int32_t rank); /* view */
ctorch_status ctorch_narrow(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension, int64_t start,
                            int64_t length); /* view */
ctorch_status ctorch_index_select(ctorch_tensor **out, const ctorch_tensor *x, int64_t dimension,
                                  const ctorch_tensor *indices /* int64 or int32 [n] */);
ctorch_status ctorch_concatenate(ctorch_tensor **out, const ctorch_tensor *const *tensors, size_t count,
                                 int64_t dimension);
ctorch_status ctorch_stack(ctorch_tensor **out, const ctorch_tensor *const *tensors, size_t count,
                           int64_t dimension);

/* x [n, c, h, w], weight [d, c, k, k], bias [d] or NULL -> [n, d, h', w']. */
ctorch_status ctorch_conv2d(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                            const ctorch_tensor *bias, int64_t stride, int64_t padding);
/* Convolution without bias, then batch norm by the running statistics, as one convolution: the norm's scale is
 * multiplied into the weights, its shift is the bias; gradients reach weight, norm_weight and norm_bias. Then
 * residual (or NULL) is added, and with relu what is negative becomes 0. */
ctorch_status ctorch_conv2d_norm(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                                 const ctorch_tensor *norm_weight, const ctorch_tensor *norm_bias,
                                 const ctorch_tensor *running_mean, const ctorch_tensor *running_variance,
                                 double epsilon, int64_t stride, int64_t padding,
                                 const ctorch_tensor *residual, bool relu);
/* x [n, c, ...], the others [c]. Training: normalises by the batch and moves the running statistics by
 * momentum, in place; else normalises by the running statistics. */
ctorch_status ctorch_batch_norm(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                                const ctorch_tensor *bias, ctorch_tensor *running_mean,
                                ctorch_tensor *running_variance, bool training, double momentum,
                                double epsilon);
ctorch_status ctorch_max_pool2d(ctorch_tensor **out, const ctorch_tensor *x, int64_t kernel_size,
                                int64_t stride, int64_t padding);
/* x [n, in], weight [out, in], bias [out] or NULL -> [n, out]. */
ctorch_status ctorch_linear(ctorch_tensor **out, const ctorch_tensor *x, const ctorch_tensor *weight,
                            const ctorch_tensor *bias);
/* logits [n, classes], targets int64 [n], class_weights [classes] or NULL -> scalar, in float32: PyTorch's
 * mean, which divides by the sum of the targets' weights. */
ctorch_status ctorch_cross_entropy(ctorch_tensor **out, const ctorch_tensor *logits,
                                   const ctorch_tensor *targets, const ctorch_tensor *class_weights,
                                   double label_smoothing);

/* ---- Training.cpp: gradients and optimisers -------------------------------------------------------- */

ctorch_status ctorch_set_requires_gradient(ctorch_tensor *tensor, bool on);
/* The accumulated gradient, sharing memory with it; *out stays NULL when there is none. */
ctorch_status ctorch_gradient(ctorch_tensor **out, const ctorch_tensor *tensor);
/* Drops the gradients (PyTorch's set_to_none). */
ctorch_status ctorch_clear_gradients(const ctorch_tensor *const *tensors, size_t count);
/* Accumulates the gradients of a scalar loss into the leaves it came from. */
ctorch_status ctorch_backward(const ctorch_tensor *loss);

/* Scales the gradients of all tensors so that their common 2-norm is at most maximum (torch.nn.utils.
 * clip_grad_norm_); tensors without a gradient are skipped. *norm is the norm before. */
ctorch_status ctorch_clip_gradient_norm(double *norm, const ctorch_tensor *const *tensors, size_t count,
                                        double maximum);

/* Rates of one parameter group; the arrays of a step hold the groups one after the other. */
typedef struct {
    size_t count;
    double learning_rate;
    double weight_decay;
} ctorch_optimizer_group;

/* One step of torch.optim.SGD(momentum, nesterov, dampening 0) over all groups by the fused kernels.
 * Parameters change in place; those without a gradient are skipped. With momentum > 0, buffers[i] is NULL
 * before a parameter's first step, and the call stores a new handle there (+1), also when it fails later;
 * with momentum 0 buffers may be NULL. */
ctorch_status ctorch_sgd_step(ctorch_tensor *const *parameters, ctorch_tensor **buffers,
                              const ctorch_optimizer_group *groups, size_t group_count, double momentum,
                              bool nesterov);

/* One step of torch.optim.AdamW (decoupled weight decay) over all groups by the fused kernels. The state
 * of parameter i is first[i], second[i] (its shape) and steps[i] (float32 scalar); NULL before its first
 * step, when the call stores new handles there (+1), also when it fails later. */
ctorch_status ctorch_adamw_step(ctorch_tensor *const *parameters, ctorch_tensor **first,
                                ctorch_tensor **second, ctorch_tensor **steps,
                                const ctorch_optimizer_group *groups, size_t group_count, double beta1,
                                double beta2, double epsilon);

/* averages[i] += weight * (values[i] - averages[i]), in place and unrecorded, all in one call. */
ctorch_status ctorch_average_step(ctorch_tensor *const *averages, const ctorch_tensor *const *values,
                                  size_t count, double weight);

/* a[i] and b[i], of one shape, type and device, change what they hold: no element is copied. All or nothing: a
 * pair that does not fit is found before the first has changed. Views taken before keep the old elements. */
ctorch_status ctorch_exchange(ctorch_tensor *const *a, ctorch_tensor *const *b, size_t count);

/* Divides the gradients by scale, in place; *found says whether any was infinite or NaN. */
ctorch_status ctorch_unscale_gradients(bool *found, const ctorch_tensor *const *tensors, size_t count,
                                       double scale);

#ifdef __cplusplus
}
#endif
