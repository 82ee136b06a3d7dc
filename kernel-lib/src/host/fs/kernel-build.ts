/** `uname -v`. */
export const KERNEL_BUILD = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.129-1 (2025-03-06)";
