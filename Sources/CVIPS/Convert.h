// Rows of whatever libvips delivers to rows of 8-bit RGB.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    int bits;    // 8 or 16
    int bands;   // as they lie in the row, 1 or more
    int colors;  // how many of the first are colour: 1 grey, 3 red, green, blue, 4 CMYK
    int alpha;   // which band is alpha; below 0: none. Bands that are neither are dropped
    uint16_t low, high;  // 16-bit colours that become black and white; high 0: 0 to 65535
} tailor_vips_layout;

/// 1 when rows of this layout can be converted.
int tailor_vips_convertible(tailor_vips_layout layout);

/// The largest 16-bit colour sample of `width` pixels; alpha does not count.
uint16_t tailor_vips_largest_sample(tailor_vips_layout layout, const uint16_t *samples, size_t width);

/// `width` pixels of `samples` (uint8_t or uint16_t) into width x 3 bytes.
void tailor_vips_convert(tailor_vips_layout layout, const void *samples, uint8_t *rgb, size_t width);
