; Where all is known that a go statement's function reaches, there is a table of it.
; PASSES: goc-reach

target triple = "x86_64-pc-linux-gnu"

declare void @goc_go(ptr, ptr, i64)
declare void @goc_chan_send(ptr, ptr)
declare void @goc_panic(ptr, ...)
declare void @outside()
declare double @llvm.sin.f64(double)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
@format = internal constant [2 x i8] c"x\00"
@local = internal thread_local global i32 0

; Callees come before their callers; the numbers are what is beside the frame, how many it calls,
; and their places.
; CHECK: @goc.reach = internal global { i64, ptr, ptr, i64, [12 x i64] } { i64 0, ptr @goc__reach_decide, ptr @known, i64 3, [12 x i64] [
; CHECK-SAME: i64 ptrtoint (ptr @leaf to i64), i64 40, i64 0,
; CHECK-SAME: i64 ptrtoint (ptr @inner to i64), i64 72, i64 1, i64 0,
; CHECK-SAME: i64 ptrtoint (ptr @known to i64), i64 56, i64 2, i64 1, i64 0]
; CHECK: @goc.reach.1 = internal global { i64, ptr, ptr, i64, [3 x i64] } { i64 0, ptr @goc__reach_decide, ptr @barrier, i64 1,

define internal i64 @leaf(ptr %p) {
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr @format, i64 2, i1 false)
  ret i64 1
}

define internal void @inner(ptr %p, i64 %a, i64 %b, i64 %c) {
  %x = alloca i64
  %y = call i64 @leaf(ptr %x)
  call void (ptr, ...) @goc_panic(ptr @format, i64 %y, i64 %a, i64 %b, i64 %c)
  ret void
}

define internal void @known(ptr %p) {
  call void @inner(ptr %p, i64 1, i64 2, i64 3)
  call void @goc_chan_send(ptr %p, ptr %p)
  %y = call i64 @leaf(ptr %p)
  ret void
}

define internal void @calls_out(ptr %p) {
  call void @outside()
  ret void
}

define internal void @through_pointer(ptr %p) {
  call void %p()
  ret void
}

define internal void @recursive(ptr %p) {
  call void @recursive_too(ptr %p)
  ret void
}

define internal void @recursive_too(ptr %p) {
  call void @recursive(ptr %p)
  ret void
}

define internal void @variable(i64 %size) {
  %x = alloca i8, i64 %size
  ret void
}

define internal void @aligned(ptr %p) {
  %x = alloca i64, align 64
  ret void
}

define internal void @assembly(ptr %p) {
  call void asm sideeffect "pushfq; popfq", ""()
  ret void
}

define internal void @barrier(ptr %p) {
  call void asm sideeffect "", "~{memory}"()
  ret void
}

define internal void @library(ptr %p) {
  %x = load double, ptr %p
  %y = call double @llvm.sin.f64(double %x)
  store double %y, ptr %p
  ret void
}

define internal void @remainder(ptr %p) {
  %x = load double, ptr %p
  %y = frem double %x, 3.0
  store double %y, ptr %p
  ret void
}

define internal void @wide(ptr %p) {
  %x = load i128, ptr %p
  %y = udiv i128 %x, 3
  store i128 %y, ptr %p
  ret void
}

define internal void @vectors(ptr %p) {
  %x = load <8 x i32>, ptr %p
  store <8 x i32> %x, ptr %p
  ret void
}

define internal void @of_thread(ptr %p) {
  %x = call ptr asm sideeffect "movq other@gottpoff(%rip), $0\0A\09movq %fs:($0), $0", "=r"()
  store i32 1, ptr @local
  ret void
}

define internal void @of_stack(ptr %p) {
  call void asm sideeffect "movq %rsp, ($0)", "r"(ptr %p)
  ret void
}

define internal void @sanitized(ptr %p) sanitize_address {
  ret void
}

define weak void @replaceable(ptr %p) {
  ret void
}

define void @spawn(ptr %p) {
; CHECK-LABEL: define void @spawn
; CHECK-NEXT: call void @goc_go_reaching(ptr @goc.reach, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go_reaching(ptr @goc.reach, ptr null, i64 0)
; CHECK-NEXT: call void @goc_go_reaching(ptr @goc.reach.1, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @calls_out, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @through_pointer, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @recursive, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @variable, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @aligned, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @assembly, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @library, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @remainder, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @wide, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @vectors, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go_reaching(ptr @goc.reach.2, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @of_stack, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @sanitized, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr @replaceable, ptr %p, i64 8)
; CHECK-NEXT: call void @goc_go(ptr %p, ptr %p, i64 8)
  call void @goc_go(ptr @known, ptr %p, i64 8)
  call void @goc_go(ptr @known, ptr null, i64 0)
  call void @goc_go(ptr @barrier, ptr %p, i64 8)
  call void @goc_go(ptr @calls_out, ptr %p, i64 8)
  call void @goc_go(ptr @through_pointer, ptr %p, i64 8)
  call void @goc_go(ptr @recursive, ptr %p, i64 8)
  call void @goc_go(ptr @variable, ptr %p, i64 8)
  call void @goc_go(ptr @aligned, ptr %p, i64 8)
  call void @goc_go(ptr @assembly, ptr %p, i64 8)
  call void @goc_go(ptr @library, ptr %p, i64 8)
  call void @goc_go(ptr @remainder, ptr %p, i64 8)
  call void @goc_go(ptr @wide, ptr %p, i64 8)
  call void @goc_go(ptr @vectors, ptr %p, i64 8)
  call void @goc_go(ptr @of_thread, ptr %p, i64 8)
  call void @goc_go(ptr @of_stack, ptr %p, i64 8)
  call void @goc_go(ptr @sanitized, ptr %p, i64 8)
  call void @goc_go(ptr @replaceable, ptr %p, i64 8)
  call void @goc_go(ptr %p, ptr %p, i64 8)
  ret void
}
