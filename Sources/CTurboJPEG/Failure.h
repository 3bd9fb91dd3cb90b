// libjpeg's error handler: remembers a status and a message, then longjmps to the function that set it up.
#pragma once

#include <stdio.h>  // jpeglib.h needs FILE and size_t declared

#include <jpeglib.h>
#include <setjmp.h>

#include "CTurboJPEG.h"

typedef struct {
    struct jpeg_error_mgr base;  // first: libjpeg sees only this
    jmp_buf landing;
    tailor_jpeg_status status;
    char message[TAILOR_JPEG_MESSAGE_SIZE];
} tailor_jpeg_failure;

/// Installs the handler, which also makes errors of the warnings that mean lost pixels.
struct jpeg_error_mgr *tailor_jpeg_failure_install(tailor_jpeg_failure *failure);

/// Ends the current libjpeg call from a callback, with a status and message of ours.
_Noreturn void tailor_jpeg_failure_raise(j_common_ptr state, tailor_jpeg_status status, const char *message);

/// Copies the message out (TAILOR_JPEG_MESSAGE_SIZE bytes) and returns the status.
tailor_jpeg_status tailor_jpeg_failure_report(const tailor_jpeg_failure *failure, char *message);
