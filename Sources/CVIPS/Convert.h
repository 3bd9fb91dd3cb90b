// Rows of whatever libvips delivers to rows of 8-bit RGB.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    int bits;   // 8 or 16
    int bands;  // 1 to 5
    int cmyk;
} tailor_vips_layout;

/// 1 when rows of this layout can be converted.
int tailor_vips_convertible(tailor_vips_layout layout);

/// `width` pixels of `samples` (uint8_t or uint16_t) into width x 3 bytes.
void tailor_vips_convert(tailor_vips_layout layout, const void *samples, uint8_t *rgb, size_t width);
