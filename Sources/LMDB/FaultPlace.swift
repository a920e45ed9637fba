import Glibc

/// Where a process was when a signal stopped it, as the handler of that signal is told.
///
/// Nothing here takes a lock or allocates.
@safe struct FaultPlace {
  #if arch(x86_64) || arch(arm64)
    private let context: UnsafePointer<ucontext_t>
  #endif

  /// - Parameter context: what the kernel gives a handler that has asked for information (sigaction(2)).
  init?(_ context: UnsafeMutableRawPointer?) {
    #if arch(x86_64) || arch(arm64)
      guard let context = unsafe context else { return nil }
      unsafe self.context = UnsafePointer(context.assumingMemoryBound(to: ucontext_t.self))
    #else
      return nil
    #endif
  }

  #if arch(x86_64)
    private static let registers = 16
    private var stack: UInt { unsafe UInt(bitPattern: Int(context.pointee.uc_mcontext.gregs.15)) }

    /// The address of the instruction that could not be done.
    var instruction: UInt {
      unsafe UInt(bitPattern: Int(context.pointee.uc_mcontext.gregs.16))
    }

    /// Where the function returns to that it stands in, if that has put nothing on the stack: those that copy memory
    /// have not.
    var caller: UInt { word(Self.registers) }

    private func register(_ index: Int) -> UInt {
      unsafe withUnsafeBytes(of: context.pointee.uc_mcontext.gregs) {
        unsafe $0.load(fromByteOffset: index * 8, as: UInt.self)
      }
    }
  #elseif arch(arm64)
    private static let registers = 31
    private var stack: UInt { unsafe UInt(context.pointee.uc_mcontext.sp) }

    /// The address of the instruction that could not be done.
    var instruction: UInt { unsafe UInt(context.pointee.uc_mcontext.pc) }

    /// Where the function returns to that it stands in, if that has called no other.
    var caller: UInt { register(30) }

    private func register(_ index: Int) -> UInt {
      unsafe withUnsafeBytes(of: context.pointee.uc_mcontext.regs) {
        unsafe $0.load(fromByteOffset: index * 8, as: UInt.self)
      }
    }
  #else
    private static let registers = 0
    private var stack: UInt { 0 }
    var instruction: UInt { 0 }
    var caller: UInt { 0 }
    private func register(_ index: Int) -> UInt { 0 }
  #endif

  /// So many words were at hand: the registers, and the nearest of the stack, above which a thread always has more.
  static let words = registers + 128

  /// What the instruction worked with: first the registers, then the stack from its top.
  func word(_ index: Int) -> UInt {
    if index < Self.registers { return register(index) }
    let address = (stack & ~7) + UInt(index - Self.registers) * 8
    return unsafe UnsafePointer<UInt>(bitPattern: address)?.pointee ?? 0
  }
}
