; An access needs no check behind one of its bytes and kind in the same epoch.
; PASSES: goc-race<calls>
; OPTIONS: -goc-race-no-together

declare void @order()
declare double @sin(double) nounwind
declare i64 @strlen(ptr) nounwind

define i32 @read_behind_write(ptr %p) sanitize_thread {
; CHECK-LABEL: define i32 @read_behind_write
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NOT: goc_race_read
; CHECK: ret
  store i32 1, ptr %p, align 4
  %v = load i32, ptr %p, align 4
  ret i32 %v
}

define void @write_behind_read(ptr %p, i1 %c) sanitize_thread {
; CHECK-LABEL: define void @write_behind_read
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
  %v = load i32, ptr %p, align 4
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p, align 4
  br label %no
no:
  ret void
}

define void @part(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @part
; CHECK: call preserve_mostcc void @goc_race_write8(ptr %p)
; CHECK-NOT: goc_race_
; CHECK: store i8
; CHECK: call preserve_mostcc void @goc_race_write2
; CHECK: ret
  store i64 1, ptr %p, align 8
  %q = getelementptr i8, ptr %p, i64 7
  store i8 1, ptr %q, align 1
  store i16 1, ptr %q, align 2
  ret void
}

define void @other_name(ptr %p, i64 %i) sanitize_thread {
; CHECK-LABEL: define void @other_name
; CHECK: call preserve_mostcc void @goc_race_write4
; CHECK-NOT: call void @goc_race_{{read|write}}
; CHECK: ret
  %a = getelementptr i32, ptr %p, i64 %i
  store i32 1, ptr %a, align 4
  %j = add nsw i64 %i, 2
  %b = getelementptr i32, ptr %p, i64 %j
  %c = getelementptr i8, ptr %b, i64 -8
  %v = load i32, ptr %c, align 4
  ret void
}

define void @on_both_ways(ptr %p, i1 %c) sanitize_thread {
; CHECK-LABEL: define void @on_both_ways
; CHECK: done:
; CHECK-NOT: goc_race_read
; CHECK: ret
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p, align 4
  br label %done
no:
  store i32 2, ptr %p, align 4
  br label %done
done:
  %v = load i32, ptr %p, align 4
  ret void
}

define void @on_one_way(ptr %p, i1 %c) sanitize_thread {
; CHECK-LABEL: define void @on_one_way
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
  br i1 %c, label %yes, label %done
yes:
  store i32 1, ptr %p, align 4
  br label %done
done:
  %v = load i32, ptr %p, align 4
  ret void
}

define void @call_between(ptr %p) nounwind sanitize_thread {
; CHECK-LABEL: define void @call_between
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
  store i32 1, ptr %p, align 4
  call void @order()
  %v = load i32, ptr %p, align 4
  ret void
}

; Who is ordered after the first access is so after a release only.
define void @acquire_between(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @acquire_between
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NOT: call preserve_mostcc void @goc_race_read4
; CHECK: ret
  store i32 1, ptr %p, align 4
  %f = load atomic i32, ptr %flag seq_cst, align 4
  fence acquire
  store atomic i32 1, ptr %flag monotonic, align 4
  %v = load i32, ptr %p, align 4
  ret void
}

define void @release_between(ptr %p, ptr %flag) sanitize_thread {
; CHECK-LABEL: define void @release_between
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
  store i32 1, ptr %p, align 4
  store atomic i32 1, ptr %flag release, align 4
  %v = load i32, ptr %p, align 4
  fence release
  store i32 1, ptr %p, align 4
  %o = atomicrmw add ptr %flag, i32 1 acq_rel
  %w = load i32, ptr %p, align 4
  %x = cmpxchg ptr %flag, i32 0, i32 1 release monotonic
  %y = load i32, ptr %p, align 4
  ret void
}

define void @assembly_between(ptr %p) sanitize_thread {
; CHECK-LABEL: define void @assembly_between
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK: call preserve_mostcc void @goc_race_read4(ptr %p)
  store i32 1, ptr %p, align 4
  call void asm sideeffect "", "~{memory}"()
  %v = load i32, ptr %p, align 4
  ret void
}

; Each turn's own pointer, and the loop's first turn.
define void @turns(ptr %p, ptr %g) sanitize_thread {
; CHECK-LABEL: define void @turns
; CHECK: again:
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %q)
; CHECK-NOT: goc_race_read4(ptr %q)
; CHECK: br i1
entry:
  br label %again
again:
  %q = phi ptr [ %p, %entry ], [ %next, %again ]
  store i32 1, ptr %q, align 4
  %v = load i32, ptr %q, align 4
  %next = load ptr, ptr %g, align 8, !nosanitize !0
  %c = icmp eq ptr %next, null
  br i1 %c, label %done, label %again
done:
  ret void
}

define double @libraries(ptr %p, ptr %s, double %x) sanitize_thread {
; CHECK-LABEL: define double @libraries
; CHECK: call preserve_mostcc void @goc_race_write4(ptr %p)
; CHECK-NOT: goc_race_read4
; CHECK: ret
  store i32 1, ptr %p, align 4
  %y = call double @sin(double %x)
  %n = call i64 @strlen(ptr %s)
  %v = load i32, ptr %p, align 4
  ret double %y
}
!0 = !{}
