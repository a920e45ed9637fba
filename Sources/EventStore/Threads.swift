package import Glibc

/// Begins a thread that does `work` and ends.
///
/// - Returns: the thread, to be joined or detached; `nil` where the system has none to spare, and nothing is done.
package func startThread(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
  let box = unsafe Unmanaged.passRetained(Work(work)).toOpaque()
  var thread = pthread_t()
  let status = unsafe pthread_create(
    &thread, nil,
    { box in
      if let box = unsafe box { unsafe Unmanaged<Work>.fromOpaque(box).takeRetainedValue().run() }
      return nil
    }, box)
  if status == 0 { return thread }
  unsafe Unmanaged<Work>.fromOpaque(box).release()
  return nil
}

private final class Work: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
