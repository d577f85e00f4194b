; Two readings of errno with a call between are two readings.
; PASSES: goc-fresh-errno,function(early-cse)

declare ptr @__errno_location() nounwind willreturn memory(none)
declare ptr @user_constant() nounwind willreturn memory(none)
declare void @park()
declare void @use(ptr, ptr)

define i32 @f() {
; CHECK-LABEL: define i32 @f
; CHECK: call ptr @__errno_location()
; CHECK: call void @park()
; CHECK: call ptr @__errno_location()
; CHECK: ret
  %a = call ptr @__errno_location() nounwind willreturn memory(none)
  %v = load i32, ptr %a
  call void @park()
  %b = call ptr @__errno_location() nounwind willreturn memory(none)
  %w = load i32, ptr %b
  %s = add i32 %v, %w
  ret i32 %s
}

define ptr @g() {
; CHECK-LABEL: define ptr @g
; CHECK: call ptr @user_constant()
; CHECK: call void @park()
; CHECK-NOT: call ptr @user_constant()
; CHECK: ret
  %a = call ptr @user_constant()
  call void @park()
  %b = call ptr @user_constant()
  call void @use(ptr %a, ptr %b)
  ret ptr %b
}
