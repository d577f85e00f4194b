; A cmpxchg's success is whether the old value was the expected one; weak ones are strong.
; PASSES: goc-race<calls>

define { i32, i1 } @weak(ptr %p, i32 %e, i32 %d) sanitize_thread {
; CHECK-LABEL: define { i32, i1 } @weak
; CHECK: [[OLD:%.*]] = call i32 @goc_race_atomic32_cas(ptr %p, i32 %e, i32 %d, i32 4, i32 2)
; CHECK-NEXT: [[YES:%.*]] = icmp eq i32 [[OLD]], %e
; CHECK-NEXT: [[HALF:%.*]] = insertvalue { i32, i1 } poison, i32 [[OLD]], 0
; CHECK-NEXT: [[PAIR:%.*]] = insertvalue { i32, i1 } [[HALF]], i1 [[YES]], 1
; CHECK: ret { i32, i1 } [[PAIR]]
  %r = cmpxchg weak ptr %p, i32 %e, i32 %d acq_rel acquire
  ret { i32, i1 } %r
}

define i1 @pointer(ptr %p, ptr %e, ptr %d) sanitize_thread {
; CHECK-LABEL: define i1 @pointer
; CHECK: call i64 @goc_race_atomic64_cas(ptr %p, i64 %{{.*}}, i64 %{{.*}}, i32 5, i32 0)
; CHECK: inttoptr
  %r = cmpxchg ptr %p, ptr %e, ptr %d seq_cst monotonic
  %s = extractvalue { ptr, i1 } %r, 1
  ret i1 %s
}
