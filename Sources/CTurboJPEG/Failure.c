#include "Failure.h"

#include <jerror.h>
#include <string.h>

static tailor_jpeg_status status_of(int code) {
    switch (code) {
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF:
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
        return TAILOR_JPEG_TRUNCATED;
#if JPEG_LIB_VERSION < 70
    case JERR_ARITH_NOTIMPL:
#endif
    case JERR_BAD_PRECISION:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_BAD_J_COLORSPACE:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
    case JERR_NOT_COMPILED:
        return TAILOR_JPEG_UNSUPPORTED;
    case JERR_IMAGE_TOO_BIG:
    case JERR_NO_BACKING_STORE:  // what exceeding max_memory_to_use comes to
    case JERR_WIDTH_OVERFLOW:
        return TAILOR_JPEG_LIMIT;
    case JERR_OUT_OF_MEMORY:
        return TAILOR_JPEG_NO_MEMORY;
    default:
        return TAILOR_JPEG_CORRUPT;
    }
}

static void raise_error(j_common_ptr state) {
    tailor_jpeg_failure *failure = (tailor_jpeg_failure *)state->err;
    failure->status = status_of(state->err->msg_code);
    char text[JMSG_LENGTH_MAX];
    (*state->err->format_message)(state, text);
    snprintf(failure->message, sizeof failure->message, "%s", text);
    longjmp(failure->landing, 1);
}

/// libjpeg warns and makes up pixels; those warnings are failures here. Oddities that cost no pixel
/// (extraneous bytes between markers, unknown versions) stay silent, as in every other reader.
static void hear_warning(j_common_ptr state, int level) {
    if (level >= 0) return;  // tracing
    switch (state->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
#if JPEG_LIB_VERSION >= 70 || defined(D_ARITH_CODING_SUPPORTED)
    case JWRN_ARITH_BAD_CODE:
#endif
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
        raise_error(state);
        break;
    default:
        state->err->num_warnings++;
        break;
    }
}

static void print_nothing(j_common_ptr state) { (void)state; }

struct jpeg_error_mgr *tailor_jpeg_failure_install(tailor_jpeg_failure *failure) {
    struct jpeg_error_mgr *handler = jpeg_std_error(&failure->base);
    handler->error_exit = raise_error;
    handler->emit_message = hear_warning;
    handler->output_message = print_nothing;
    failure->status = TAILOR_JPEG_OK;
    failure->message[0] = '\0';
    return handler;
}

_Noreturn void tailor_jpeg_failure_raise(j_common_ptr state, tailor_jpeg_status status, const char *message) {
    tailor_jpeg_failure *failure = (tailor_jpeg_failure *)state->err;
    failure->status = status;
    snprintf(failure->message, sizeof failure->message, "%s", message);
    longjmp(failure->landing, 1);
}

tailor_jpeg_status tailor_jpeg_failure_report(const tailor_jpeg_failure *failure, char *message) {
    snprintf(message, TAILOR_JPEG_MESSAGE_SIZE, "%s", failure->message);
    return failure->status;
}
