; An update without a function of its own is a loop over cas.
; PASSES: goc-race<calls>

define i32 @largest(ptr %p, i32 %v) sanitize_thread {
; CHECK-LABEL: define i32 @largest
; CHECK: [[FIRST:%.*]] = call i32 @goc_race_atomic32_load(ptr %p, i32 0)
; CHECK: [[OLD:%.*]] = phi i32 [ [[FIRST]], {{.*}} ], [ [[NOW:%.*]], {{.*}} ]
; CHECK: [[NOW]] = call i32 @goc_race_atomic32_cas(ptr %p, i32 [[OLD]], i32 {{.*}}, i32 3, i32 0)
; CHECK-NEXT: [[DONE:%.*]] = icmp eq i32 [[NOW]], [[OLD]]
; CHECK-NEXT: br i1 [[DONE]]
; CHECK: ret i32 [[OLD]]
  %r = atomicrmw max ptr %p, i32 %v release
  ret i32 %r
}

define float @sum(ptr %p, float %v) sanitize_thread {
; CHECK-LABEL: define float @sum
; CHECK: fadd float
; CHECK: call i32 @goc_race_atomic32_cas
; CHECK-NOT: atomicrmw
; CHECK: ret
  %r = atomicrmw fadd ptr %p, float %v seq_cst
  ret float %r
}

define i32 @others(ptr %p, i32 %v) sanitize_thread {
; CHECK-LABEL: define i32 @others
; CHECK-NOT: atomicrmw
; CHECK: ret
  %a = atomicrmw min ptr %p, i32 %v seq_cst
  %b = atomicrmw umax ptr %p, i32 %v seq_cst
  %c = atomicrmw umin ptr %p, i32 %v seq_cst
  %d = atomicrmw uinc_wrap ptr %p, i32 %v seq_cst
  %e = atomicrmw udec_wrap ptr %p, i32 %v seq_cst
  ret i32 %e
}
