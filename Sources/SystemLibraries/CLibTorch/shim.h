/* Carries the flags that pkg-config gives; the shim target includes the real headers. */
