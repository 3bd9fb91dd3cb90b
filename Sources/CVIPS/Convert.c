#include "Convert.h"

int tailor_vips_convertible(tailor_vips_layout layout) {
    if (layout.bits != 8 && layout.bits != 16) return 0;
    if (layout.bands < layout.colors) return 0;
    // CMYK may carry an alpha band as its fifth; there is no rule for that.
    return layout.colors == 4 ? layout.alpha < 0 : layout.colors == 1 || layout.colors == 3;
}

/// 0...65535 to 0...255 by scaling: 65535 / 255 = 257, rounded to nearest.
static inline uint8_t narrow(uint32_t sample) { return (uint8_t)((sample + 128) / 257); }

/// `low` to `high` of the layout to 0...65535, rounded to nearest; what lies beyond is clipped.
static inline uint32_t stretch(tailor_vips_layout layout, uint32_t sample) {
    if (layout.high == 0) return sample;
    if (sample <= layout.low) return 0;
    if (sample >= layout.high) return 65535;
    uint64_t width = (uint64_t)layout.high - layout.low;
    return (uint32_t)((((uint64_t)sample - layout.low) * 65535 + width / 2) / width);
}

/// Colour over white, both with `full` as their largest value; rounded to nearest.
static inline uint32_t over_white(uint32_t sample, uint32_t alpha, uint32_t full) {
    uint64_t sum = (uint64_t)sample * alpha + (uint64_t)full * (full - alpha);
    return (uint32_t)((sum + full / 2) / full);
}

/// a x b / 255, rounded, as Pillow computes it.
static inline unsigned multiply(unsigned a, unsigned b) {
    unsigned product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

static void convert_cmyk(const uint8_t *cmyk, uint8_t *rgb) {
    unsigned light = 255u - cmyk[3];
    for (int c = 0; c < 3; c++) {
        int value = (int)light - (int)multiply(cmyk[c], light);
        rgb[c] = (uint8_t)(value < 0 ? 0 : value);
    }
}

// One body for both depths; SAMPLE is the type, FULL its largest value, COLOR what is done to a colour
// first, TO8 the narrowing.
#define CONVERT(SAMPLE, FULL, COLOR, TO8)                                                        \
    const SAMPLE *in = samples;                                                                 \
    for (size_t x = 0; x < width; x++, in += layout.bands, rgb += 3) {                          \
        if (layout.colors == 4) {                                                               \
            uint8_t ink[4] = {TO8(COLOR(in[0])), TO8(COLOR(in[1])), TO8(COLOR(in[2])),          \
                              TO8(COLOR(in[3]))};                                               \
            convert_cmyk(ink, rgb);                                                             \
        } else if (layout.colors == 1) {                                                        \
            rgb[0] = rgb[1] = rgb[2] = TO8(                                                     \
                layout.alpha < 0 ? COLOR(in[0]) : over_white(COLOR(in[0]), in[layout.alpha], FULL)); \
        } else {                                                                                \
            for (int c = 0; c < 3; c++) {                                                       \
                rgb[c] = TO8(                                                                   \
                    layout.alpha < 0 ? COLOR(in[c]) : over_white(COLOR(in[c]), in[layout.alpha], FULL)); \
            }                                                                                   \
        }                                                                                       \
    }

#define AS_IS(sample) ((uint8_t)(sample))
#define SAME(sample) (sample)
#define STRETCHED(sample) stretch(layout, sample)

void tailor_vips_convert(tailor_vips_layout layout, const void *samples, uint8_t *rgb, size_t width) {
    if (layout.bits == 8) {
        CONVERT(uint8_t, 255u, SAME, AS_IS)
    } else {
        CONVERT(uint16_t, 65535u, STRETCHED, narrow)
    }
}

uint16_t tailor_vips_largest_sample(tailor_vips_layout layout, const uint16_t *samples, size_t width) {
    uint16_t largest = 0;
    for (size_t x = 0; x < width; x++, samples += layout.bands) {
        for (int c = 0; c < layout.colors; c++) {
            if (samples[c] > largest) largest = samples[c];
        }
    }
    return largest;
}
