/* The switch for amd64, System V ABI.  context.h says what a saved context is.
 * The CFI is complete, so that debuggers and unwinders can walk out of every instruction. */
#include "context.h"

/* The control bits of MXCSR: all but the sticky exception flags, bits 0 to 5, which the ABI
 * does not keep.  Loading a register that differs in any bit costs some 40 ns, so the switch
 * loads only where control bits differ. */
#define MXCSR_CONTROL 0xFFC0

        .text

/* goc__context_switch(rdi: struct context *from, rsi: const struct context *to)
 * The CPU predicts the ret by its own stack of return addresses, where this call's is on top:
 * right, as long as all contexts come from one call, which goc__sched_leave's is for goroutines. */
        .globl  goc__context_switch
        .type   goc__context_switch, @function
        .p2align 4
goc__context_switch:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
rbp_pushed:
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r15, 0
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        stmxcsr CONTEXT_FRAME_MXCSR(%rsp)
        fnstcw  CONTEXT_FRAME_X87(%rsp)
        movl    CONTEXT_FRAME_MXCSR(%rsp), %eax
        movzwl  CONTEXT_FRAME_X87(%rsp), %ecx
        movq    %rsp, (%rdi)
        movq    (%rsi), %rsp
        xorl    CONTEXT_FRAME_MXCSR(%rsp), %eax
        xorw    CONTEXT_FRAME_X87(%rsp), %cx
        andl    $MXCSR_CONTROL, %eax
        orl     %ecx, %eax
        jnz     load_control
control_loaded:
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbp
        ret

        /* The state at control_loaded: the whole frame of the new context. */
        .cfi_def_cfa rsp, CONTEXT_FRAME_BYTES
        .cfi_offset rip, CONTEXT_FRAME_RIP - CONTEXT_FRAME_BYTES
        .cfi_offset rbp, CONTEXT_FRAME_RBP - CONTEXT_FRAME_BYTES
        .cfi_offset rbx, CONTEXT_FRAME_RBX - CONTEXT_FRAME_BYTES
        .cfi_offset r12, CONTEXT_FRAME_R12 - CONTEXT_FRAME_BYTES
        .cfi_offset r13, CONTEXT_FRAME_R13 - CONTEXT_FRAME_BYTES
        .cfi_offset r14, CONTEXT_FRAME_R14 - CONTEXT_FRAME_BYTES
        .cfi_offset r15, CONTEXT_FRAME_R15 - CONTEXT_FRAME_BYTES
load_control:
        ldmxcsr CONTEXT_FRAME_MXCSR(%rsp)
        fldcw   CONTEXT_FRAME_X87(%rsp)
        jmp     control_loaded
        .cfi_endproc
        .size   goc__context_switch, . - goc__context_switch

/* The same, for who has put a jump over the first five bytes of the above (context.h). */
        .globl  goc__context_switch_plain
        .type   goc__context_switch_plain, @function
        .p2align 4
goc__context_switch_plain:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        jmp     rbp_pushed
        .cfi_endproc
        .size   goc__context_switch_plain, . - goc__context_switch_plain

        .if rbp_pushed - goc__context_switch != 5
        .error "a jump over the first five bytes must end between two instructions"
        .endif

/* goc__context_make(rdi: struct context *, rsi: top, rdx: entry)
 * Lays a struct context_frame below top whose rip is context_start and whose rbx is entry. */
        .globl  goc__context_make
        .type   goc__context_make, @function
        .p2align 4
goc__context_make:
        .cfi_startproc
        endbr64
        leaq    -CONTEXT_FRAME_BYTES(%rsi), %rax
        stmxcsr CONTEXT_FRAME_MXCSR(%rax)
        fnstcw  CONTEXT_FRAME_X87(%rax)
        movq    %rdx, CONTEXT_FRAME_RBX(%rax)
        movq    $0, CONTEXT_FRAME_RBP(%rax)
        leaq    context_start(%rip), %rcx
        movq    %rcx, CONTEXT_FRAME_RIP(%rax)
        movq    %rax, (%rdi)
        ret
        .cfi_endproc
        .size   goc__context_make, . - goc__context_make

/* Where a made context begins: rsp is top, 16-byte aligned; rbx is entry, rbp is 0.
 * The outermost frame, which the undefined return address tells to unwinders.  The nop
 * keeps an unwinder that looks one byte before an address of this function inside it. */
        .type   context_start, @function
        .p2align 4
        .cfi_startproc
        .cfi_undefined rip
        nop
context_start:
        endbr64
        .globl  goc__context_begin
goc__context_begin:
        .byte   0x0f, 0x1f, 0x44, 0x00, 0x00 /* five bytes of no-operation */
        .globl  goc__context_begun
goc__context_begun:
        call    *%rbx
        ud2
        .cfi_endproc
        .size   context_start, . - context_start

/* goc__context_call_on(rdi: const struct context *, rsi: function, rdx: argument)
 * The caller's registers lie on this stack; for the unwinder they are the ones that the
 * context saved, with the frame address taken from rbx, which the callee keeps. */
        .globl  goc__context_call_on
        .type   goc__context_call_on, @function
        .p2align 4
goc__context_call_on:
        .cfi_startproc
        endbr64
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        movq    (%rdi), %rbx
        movq    %rdx, %rdi
        .cfi_remember_state
        .cfi_def_cfa rbx, CONTEXT_FRAME_BYTES
        .cfi_offset rip, CONTEXT_FRAME_RIP - CONTEXT_FRAME_BYTES
        .cfi_offset rbp, CONTEXT_FRAME_RBP - CONTEXT_FRAME_BYTES
        .cfi_offset rbx, CONTEXT_FRAME_RBX - CONTEXT_FRAME_BYTES
        .cfi_offset r12, CONTEXT_FRAME_R12 - CONTEXT_FRAME_BYTES
        .cfi_offset r13, CONTEXT_FRAME_R13 - CONTEXT_FRAME_BYTES
        .cfi_offset r14, CONTEXT_FRAME_R14 - CONTEXT_FRAME_BYTES
        .cfi_offset r15, CONTEXT_FRAME_R15 - CONTEXT_FRAME_BYTES
        call    *%rsi
        .cfi_restore_state
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        ret
        .cfi_endproc
        .size   goc__context_call_on, . - goc__context_call_on

/* goc__context_call_below(rdi: top, rsi: function, rdx: argument) */
        .globl  goc__context_call_below
        .type   goc__context_call_below, @function
        .p2align 4
goc__context_call_below:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        movq    %rsp, %rbp
        .cfi_def_cfa_register rbp
        movq    %rdi, %rsp
        andq    $-16, %rsp
        movq    %rdx, %rdi
        call    *%rsi
        movq    %rbp, %rsp
        popq    %rbp
        .cfi_def_cfa rsp, 8
        .cfi_restore rbp
        ret
        .cfi_endproc
        .size   goc__context_call_below, . - goc__context_call_below

        .section .note.GNU-stack, "", @progbits
