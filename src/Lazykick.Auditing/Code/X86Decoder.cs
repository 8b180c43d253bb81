using Iced.Intel;

namespace Lazykick.Auditing.Code;

/// <summary>x86-64 by Iced, reduced to what an audit asks for.</summary>
public sealed class X86Decoder : IDecoder
{
    private readonly SpanReader _reader = new();
    private readonly Decoder _decoder;

    /// <summary>Makes a decoder; it is not for several threads.</summary>
    public X86Decoder() => _decoder = Decoder.Create(64, _reader, DecoderOptions.None);

    /// <summary>The last instruction as Iced has it.</summary>
    public Instruction Last { get; private set; }

    /// <inheritdoc/>
    public Insn Decode(ReadOnlySpan<byte> bytes, ulong address)
    {
        _reader.Set(bytes);
        _decoder.IP = address;
        _decoder.Decode(out var instruction);
        Last = instruction;
        if (instruction.IsInvalid)
        {
            return new Insn(address, Math.Max(1, instruction.Length), FlowKind.Undecoded, 0, Effects.None, 0);
        }

        var flow = FlowOf(instruction, out var effects);
        var target = flow is FlowKind.Jump or FlowKind.Branch or FlowKind.Call ? instruction.NearBranchTarget : 0;
        return new Insn(
            address,
            instruction.Length,
            flow,
            target,
            effects | EffectsOf(instruction),
            Reference(instruction)
        );
    }

    private static FlowKind FlowOf(in Instruction instruction, out Effects effects)
    {
        effects = Effects.None;
        switch (instruction.FlowControl)
        {
            case FlowControl.Next:
                return FlowKind.Next;
            case FlowControl.UnconditionalBranch:
                return FlowKind.Jump;
            case FlowControl.ConditionalBranch:
                return FlowKind.Branch;
            case FlowControl.IndirectBranch:
                return FlowKind.IndirectJump;
            case FlowControl.IndirectCall:
                return FlowKind.IndirectCall;
            case FlowControl.Call:
                return instruction.IsCallNear ? FlowKind.Call : FlowKind.Next;
            case FlowControl.Return:
                if (instruction.Mnemonic is Mnemonic.Ret)
                {
                    return FlowKind.Return;
                }

                // A far return goes on inside the kernel; iret, sysret, sysexit and eretu leave it.
                effects = instruction.Mnemonic is Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq
                    ? Effects.Serialise
                    : Effects.None;
                return instruction.Mnemonic is Mnemonic.Retf ? FlowKind.IndirectJump : FlowKind.ExceptionReturn;
            case FlowControl.Interrupt:
                if (instruction.Mnemonic is Mnemonic.Int3)
                {
                    effects = Effects.Trap;
                    return FlowKind.Stop;
                }

                return FlowKind.Next;
            case FlowControl.Exception:
                effects = Effects.Trap;
                return FlowKind.Stop;
            default:
                return FlowKind.Next;
        }
    }

    private static Effects EffectsOf(in Instruction instruction)
    {
        var effects = instruction.HasLockPrefix ? Effects.Atomic : Effects.None;
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Xchg when instruction.Op0Kind == OpKind.Memory || instruction.Op1Kind == OpKind.Memory:
                return Effects.Atomic;
            case Mnemonic.Cpuid
            or Mnemonic.Serialize
            or Mnemonic.Invd
            or Mnemonic.Wbinvd
            or Mnemonic.Wbnoinvd
            or Mnemonic.Invlpg
            or Mnemonic.Invept
            or Mnemonic.Invvpid
            or Mnemonic.Invpcid
            or Mnemonic.Lgdt
            or Mnemonic.Lidt
            or Mnemonic.Lldt
            or Mnemonic.Ltr
            or Mnemonic.Rsm
            or Mnemonic.Wrmsr:
                // WRMSR serialises but for a list of registers (SPEC_CTRL, PRED_CMD, x2APIC...) that only the operand
                // tells: it does not count.
                return instruction.Mnemonic == Mnemonic.Wrmsr ? effects : effects | Effects.Serialise;
            case Mnemonic.Mov
                when instruction.Op0Kind == OpKind.Register
                    && instruction.Op0Register
                        is Register.CR0
                            or Register.CR3
                            or Register.CR4
                            or (>= Register.DR0 and <= Register.DR15):
                return effects | Effects.Serialise;
            case Mnemonic.Cli:
                return Effects.Mask;
            case Mnemonic.Sti or Mnemonic.Popf or Mnemonic.Popfq:
                return Effects.Unmask;
            case Mnemonic.Pause or Mnemonic.Tpause or Mnemonic.Umwait:
                return Effects.Relax;
            case Mnemonic.Hlt or Mnemonic.Mwait or Mnemonic.Mwaitx:
                return Effects.Sleep;
            default:
                return
                    instruction.Op1Kind == OpKind.Memory
                    || (instruction.Op0Kind == OpKind.Memory && instruction.Mnemonic is Mnemonic.Cmp or Mnemonic.Test)
                    ? effects | Effects.Load
                    : effects;
        }
    }

    private static ulong Reference(in Instruction instruction)
    {
        for (var i = 0; i < instruction.OpCount; i++)
        {
            switch (instruction.GetOpKind(i))
            {
                case OpKind.Memory when instruction.IsIPRelativeMemoryOperand:
                    return instruction.IPRelativeMemoryAddress;
                case OpKind.Memory when instruction.MemoryDisplSize != 0 && instruction.MemoryDisplacement64 > 4096:
                    return (ulong)(long)(int)instruction.MemoryDisplacement64;
                case OpKind.Immediate32to64:
                    return (ulong)instruction.Immediate32to64;
                case OpKind.Immediate32:
                    return instruction.Immediate32;
                case OpKind.Immediate64:
                    return instruction.Immediate64;
                default:
                    break;
            }
        }

        return 0;
    }

    /// <summary>Iced reads bytes one by one; a span cannot be held by a class, so up to 15 bytes are copied.</summary>
    private sealed class SpanReader : Iced.Intel.CodeReader
    {
        private readonly byte[] _bytes = new byte[16];
        private int _length;
        private int _at;

        public void Set(ReadOnlySpan<byte> bytes)
        {
            _length = Math.Min(15, bytes.Length);
            bytes[.._length].CopyTo(_bytes);
            _at = 0;
        }

        public override int ReadByte() => _at < _length ? _bytes[_at++] : -1;
    }
}
