// libvips itself: started once, its errors told apart between threads.
#pragma once

#include <vips/vips.h>

#include "CVIPS.h"

/// Starts libvips once; 0 when it runs.
int tailor_vips_start(void);

/// libvips keeps one error text for the whole process. Work runs under the shared lock; when a header cannot be
/// read, it is read again alone to learn its own message.
void tailor_vips_lock_shared(void);
void tailor_vips_unlock_shared(void);
void tailor_vips_lock_alone(void);
void tailor_vips_unlock_alone(void);

/// Takes the error text as one line of TAILOR_VIPS_MESSAGE_SIZE bytes at most, and clears it.
void tailor_vips_take_message(char *message);
