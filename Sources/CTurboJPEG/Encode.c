#include <stdlib.h>
#include <string.h>

#include "Failure.h"

typedef struct {
    struct jpeg_compress_struct state;
    tailor_jpeg_failure failure;
    unsigned char *bytes;  // libjpeg's, grown by it
    unsigned long size;
} encoder;

tailor_jpeg_status tailor_jpeg_encode(uint8_t **out, size_t *out_size, const uint8_t *rgb, int64_t width,
                                      int64_t height, int32_t quality, char *message) {
    *out = NULL;
    *out_size = 0;
    message[0] = '\0';
    if (width < 1 || height < 1 || width > JPEG_MAX_DIMENSION || height > JPEG_MAX_DIMENSION) {
        snprintf(message, TAILOR_JPEG_MESSAGE_SIZE, "sides must be from 1 to %ld pixels", (long)JPEG_MAX_DIMENSION);
        return TAILOR_JPEG_ARGUMENT;
    }
    // On the heap: what a longjmp leaves of locals is undefined.
    encoder *work = calloc(1, sizeof *work);
    if (work == NULL) {
        snprintf(message, TAILOR_JPEG_MESSAGE_SIZE, "out of memory");
        return TAILOR_JPEG_NO_MEMORY;
    }
    j_compress_ptr state = &work->state;
    state->err = tailor_jpeg_failure_install(&work->failure);
    if (setjmp(work->failure.landing)) {
        tailor_jpeg_status status = tailor_jpeg_failure_report(&work->failure, message);
        jpeg_destroy_compress(&work->state);
        free(work->bytes);
        free(work);
        return status;
    }
    jpeg_create_compress(state);
    jpeg_mem_dest(state, &work->bytes, &work->size);
    state->image_width = (JDIMENSION)width;
    state->image_height = (JDIMENSION)height;
    state->input_components = 3;
    state->in_color_space = JCS_RGB;
    jpeg_set_defaults(state);
    jpeg_set_quality(state, quality, TRUE);
    state->optimize_coding = TRUE;
    jpeg_start_compress(state, TRUE);
    while (state->next_scanline < state->image_height) {
        JSAMPROW row = (JSAMPROW)(rgb + (size_t)state->next_scanline * (size_t)width * 3);
        jpeg_write_scanlines(state, &row, 1);
    }
    jpeg_finish_compress(state);
    *out = work->bytes;
    *out_size = work->size;
    jpeg_destroy_compress(state);
    free(work);
    return TAILOR_JPEG_OK;
}

void tailor_jpeg_free(uint8_t *bytes) { free(bytes); }

#define TEXT(x) #x
#define EXPANDED(x) TEXT(x)

const char *tailor_jpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
    return "libjpeg-turbo " EXPANDED(LIBJPEG_TURBO_VERSION);
#else
    return "libjpeg " EXPANDED(JPEG_LIB_VERSION);
#endif
}
