#include <stdlib.h>
#include <string.h>

#include "Failure.h"

struct tailor_jpeg_decoder {
    struct jpeg_decompress_struct state;
    tailor_jpeg_failure failure;
    struct jpeg_progress_mgr progress;
    tailor_jpeg_limits limits;
    uint8_t *cmyk;  // one row, four bytes a pixel, or NULL
    int is_reading;       // rows have been asked for
    int reads_scans;      // while all scans are read ahead of the first row
    int64_t scan_blocks;  // visited so far
};

/// A scan may say of millions of blocks that nothing changes: a few bytes for its author, a visit to each block
/// for the reader. Called for every row of units in every scan.
static void count_scans(j_common_ptr common) {
    if (!common->is_decompressor) return;
    j_decompress_ptr state = (j_decompress_ptr)common;
    tailor_jpeg_decoder *decoder = common->client_data;
    char text[128];
    if (state->input_scan_number > decoder->limits.maximum_scans) {
        snprintf(text, sizeof text, "more than %d scans", (int)decoder->limits.maximum_scans);
        tailor_jpeg_failure_raise(common, TAILOR_JPEG_LIMIT, text);
    }
    if (!decoder->reads_scans) return;
    for (int c = 0; c < state->comps_in_scan; c++) {
        const jpeg_component_info *component = state->cur_comp_info[c];
        decoder->scan_blocks += (int64_t)component->width_in_blocks * component->v_samp_factor;
    }
    if (decoder->scan_blocks <= decoder->limits.maximum_scan_blocks) return;
    snprintf(text, sizeof text, "%d scans visit more than %lld blocks; save it as a baseline JPEG",
             state->input_scan_number, (long long)decoder->limits.maximum_scan_blocks);
    tailor_jpeg_failure_raise(common, TAILOR_JPEG_LIMIT, text);
}

/// What libjpeg holds of a file of several scans: 64 coefficients of two bytes a block.
static int64_t coefficient_bytes(j_decompress_ptr state) {
    int64_t bytes = 0;
    if (!jpeg_has_multiple_scans(state)) return 0;
    for (int c = 0; c < state->num_components; c++) {
        const jpeg_component_info *component = &state->comp_info[c];
        // Padded to whole units of all components.
        bytes += ((int64_t)component->width_in_blocks + component->h_samp_factor)
            * ((int64_t)component->height_in_blocks + component->v_samp_factor) * (int64_t)sizeof(JBLOCK);
    }
    return bytes;
}

tailor_jpeg_status tailor_jpeg_open(tailor_jpeg_decoder **out, tailor_jpeg_info *info, const uint8_t *data,
                                    size_t size, tailor_jpeg_limits limits, char *message) {
    *out = NULL;
    memset(info, 0, sizeof *info);
    message[0] = '\0';
    tailor_jpeg_decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL) {
        snprintf(message, TAILOR_JPEG_MESSAGE_SIZE, "out of memory");
        return TAILOR_JPEG_NO_MEMORY;
    }
    j_decompress_ptr state = &decoder->state;
    state->err = tailor_jpeg_failure_install(&decoder->failure);
    decoder->limits = limits;
    if (setjmp(decoder->failure.landing)) {
        tailor_jpeg_status status = tailor_jpeg_failure_report(&decoder->failure, message);
        tailor_jpeg_close(decoder);
        return status;
    }
    jpeg_create_decompress(state);
    state->client_data = decoder;
    decoder->progress.progress_monitor = count_scans;
    state->progress = &decoder->progress;
    if (limits.maximum_memory > 0) state->mem->max_memory_to_use = (long)limits.maximum_memory;
    jpeg_mem_src(state, data, (unsigned long)size);
    jpeg_read_header(state, TRUE);

    char text[96];
    if (state->data_precision != 8) {
        snprintf(text, sizeof text, "%d bits a sample; 8 are read", state->data_precision);
        tailor_jpeg_failure_raise((j_common_ptr)state, TAILOR_JPEG_UNSUPPORTED, text);
    }
    if (state->num_components != 1 && state->num_components != 3 && state->num_components != 4) {
        snprintf(text, sizeof text, "%d colour components; 1, 3 and 4 are read", state->num_components);
        tailor_jpeg_failure_raise((j_common_ptr)state, TAILOR_JPEG_UNSUPPORTED, text);
    }
    info->width = state->image_width;
    info->height = state->image_height;
    info->components = state->num_components;
    info->progressive = state->progressive_mode ? 1 : 0;
    info->adobe = state->saw_Adobe_marker ? 1 : 0;
    info->arithmetic = state->arith_code ? 1 : 0;
    info->coefficient_bytes = coefficient_bytes(state);
    *out = decoder;
    return TAILOR_JPEG_OK;
}

/// a x b / 255, rounded, as Pillow computes it.
static inline unsigned multiply(unsigned a, unsigned b) {
    unsigned product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

/// The bytes are Adobe's: 255 is no ink.
static void convert_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width) {
    for (size_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
        unsigned light = cmyk[3];
        for (int c = 0; c < 3; c++) {
            int value = (int)light - (int)multiply(255u - cmyk[c], light);
            rgb[c] = (uint8_t)(value < 0 ? 0 : value);
        }
    }
}

/// Reads all scans but one and makes room for a row. Ends in the failure's landing.
static void start_reading(tailor_jpeg_decoder *decoder) {
    j_decompress_ptr state = &decoder->state;
    size_t width = state->image_width;
    // Pillow's choices, which are libjpeg's defaults: accurate integer DCT, smooth upsampling.
    state->dct_method = JDCT_ISLOW;
    state->do_fancy_upsampling = TRUE;
    int is_cmyk = state->num_components == 4;
    state->out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    decoder->reads_scans = 1;
    jpeg_start_decompress(state);
    decoder->reads_scans = 0;
    if (state->output_width != width || state->output_height != state->image_height
        || state->output_components != (is_cmyk ? 4 : 3)) {
        tailor_jpeg_failure_raise((j_common_ptr)state, TAILOR_JPEG_CORRUPT, "the size changed while decoding");
    }
    if (is_cmyk) {
        decoder->cmyk = malloc(width * 4);
        if (decoder->cmyk == NULL) {
            tailor_jpeg_failure_raise((j_common_ptr)state, TAILOR_JPEG_NO_MEMORY, "out of memory");
        }
    }
    decoder->is_reading = 1;
}

tailor_jpeg_status tailor_jpeg_read(tailor_jpeg_decoder *decoder, uint8_t *rgb, size_t rgb_size, int64_t rows,
                                    char *message) {
    message[0] = '\0';
    j_decompress_ptr state = &decoder->state;
    size_t width = state->image_width;
    int64_t done = decoder->is_reading ? state->output_scanline : 0;
    if (rgb == NULL || rows < 1 || rows > (int64_t)state->image_height - done
        || width * (size_t)rows * 3 != rgb_size) {
        snprintf(message, TAILOR_JPEG_MESSAGE_SIZE, "the buffer has %zu bytes for %lld rows", rgb_size,
                 (long long)rows);
        return TAILOR_JPEG_ARGUMENT;
    }
    if (setjmp(decoder->failure.landing)) return tailor_jpeg_failure_report(&decoder->failure, message);

    if (!decoder->is_reading) start_reading(decoder);
    for (int64_t y = 0; y < rows; y++) {
        uint8_t *row = rgb + (size_t)y * width * 3;
        JSAMPROW target = decoder->cmyk != NULL ? decoder->cmyk : row;
        if (jpeg_read_scanlines(state, &target, 1) != 1) {
            tailor_jpeg_failure_raise((j_common_ptr)state, TAILOR_JPEG_TRUNCATED, "Premature end of JPEG file");
        }
        if (decoder->cmyk != NULL) convert_cmyk(decoder->cmyk, row, width);
    }
    // Reads on to the end marker: a file that lacks it is truncated, as Pillow says too.
    if (state->output_scanline == state->output_height) jpeg_finish_decompress(state);
    return TAILOR_JPEG_OK;
}

void tailor_jpeg_close(tailor_jpeg_decoder *decoder) {
    if (decoder == NULL) return;
    jpeg_destroy_decompress(&decoder->state);  // calls back no error handler
    free(decoder->cmyk);
    free(decoder);
}
