using Iced.Intel;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Code;
using Lazykick.Auditing.Images;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// Which address an atomic works on, as far as constants tell: a forward analysis of one function over its branches,
/// that knows loads of addresses, copies, sums with a per-CPU base, and forgets everything else.
/// </summary>
internal sealed class KnownAddresses
{
    private const int MaxSteps = 20_000;
    private readonly KernelImage _image;
    private readonly Code.CodeReader _code;
    private readonly X86Decoder _x86 = new();
    private readonly InstructionInfoFactory _info = new();

    public KnownAddresses(KernelImage image, Code.CodeReader code)
    {
        _image = image;
        _code = code;
    }

    /// <summary>
    /// Address of each atomic of a function to the address that it works on, 0 where that is not known.
    /// </summary>
    public Dictionary<ulong, ulong> Of(ulong function, ulong end)
    {
        var states = new Dictionary<ulong, ulong[]>();
        var work = new Stack<ulong>();
        var result = new Dictionary<ulong, ulong>();
        Merge(function, new ulong[32]);
        for (var steps = 0; work.Count > 0 && steps < MaxSteps; steps++)
        {
            var at = work.Pop();
            var insn = _code.At(at);
            var registers = (ulong[])states[at].Clone();
            if (insn.Has(Effects.Atomic))
            {
                result[at] = AddressOf(insn, registers);
            }

            Apply(insn, registers);
            if (
                insn.Flow is FlowKind.Next or FlowKind.Branch or FlowKind.Call or FlowKind.IndirectCall
                && (insn.Next < end || at >= end)
            )
            {
                Merge(insn.Next, registers);
            }

            if (insn.Flow is FlowKind.Jump or FlowKind.Branch && !_image.Symbols.IsStart(insn.Target))
            {
                Merge(insn.Target, registers);
            }

            foreach (var alternative in _image.Tables.Alternatives[at])
            {
                if (alternative.IsCallback && _image.Machine == MachineKind.Arm64)
                {
                    Merge(alternative.Site + (ulong)alternative.SiteLength, registers);
                }
            }

            if (_image.Tables.Jumps.TryGetValue(at, out var jump))
            {
                Merge(jump.Target, registers);
                Merge(insn.Next, registers);
            }
        }

        return result;

        void Merge(ulong to, ulong[] registers)
        {
            if (!states.TryGetValue(to, out var old))
            {
                states[to] = (ulong[])registers.Clone();
                work.Push(to);
                return;
            }

            var changed = false;
            for (var i = 0; i < 32; i++)
            {
                if (old[i] != 0 && old[i] != registers[i])
                {
                    old[i] = 0;
                    changed = true;
                }
            }

            if (changed)
            {
                work.Push(to);
            }
        }
    }

    private ulong AddressOf(Insn insn, ulong[] registers)
    {
        if (_image.Machine == MachineKind.Arm64)
        {
            var register = Arm64Decoder.AddressRegister((uint)insn.Word);
            return register < 31 ? registers[register] : 0;
        }

        _x86.Decode(_image.Space.At(insn.Address), insn.Address);
        var x86 = _x86.Last;
        if (x86.IsIPRelativeMemoryOperand)
        {
            return x86.IPRelativeMemoryAddress;
        }

        var displacement = (ulong)(long)(int)x86.MemoryDisplacement64;
        var slot = Slot(x86.MemoryBase);
        return slot >= 0 && registers[slot] != 0 ? registers[slot] + displacement
            : displacement > 4096 ? displacement
            : 0;
    }

    private void Apply(Insn insn, ulong[] registers)
    {
        if (_image.Machine == MachineKind.Arm64)
        {
            ApplyArm64(insn, registers);
        }
        else
        {
            ApplyX86(insn, registers);
        }
    }

    private static void ApplyArm64(Insn insn, ulong[] registers)
    {
        var word = (uint)insn.Word;
        int d = (int)(word & 31),
            n = (int)((word >> 5) & 31),
            m = (int)((word >> 16) & 31);
        if (insn.Flow is FlowKind.Call or FlowKind.IndirectCall)
        {
            Array.Clear(registers, 0, 19);
            registers[30] = 0;
        }
        else if (insn.Flow != FlowKind.Next || insn.Has(Effects.Atomic))
        {
            // An atomic leaves the register of its address alone; what it loads is no address.
            if (insn.Has(Effects.Atomic))
            {
                registers[d] = d == n ? registers[d] : 0;
                registers[m] = m == n ? registers[m] : 0;
            }
        }
        else if ((word & 0x9f000000) is 0x90000000 or 0x10000000)
        {
            registers[d] = AddressScan.PageOf(word, insn.Address);
        }
        else if ((word & 0xff800000) == 0x91000000)
        {
            var value = ((word >> 10) & 0xfff) << ((word & 0x400000) != 0 ? 12 : 0);
            registers[d] = n < 31 && registers[n] != 0 ? registers[n] + value : 0;
        }
        else if ((word & 0xffe0fc00) == 0x8b000000 && n < 31 && m < 31)
        {
            // One of the two is the per-CPU base, which counts as nothing.
            registers[d] =
                registers[n] == 0 ? registers[m]
                : registers[m] == 0 ? registers[n]
                : 0;
        }
        else if ((word & 0xffe0ffe0) == 0xaa0003e0)
        {
            registers[d] = m < 31 ? registers[m] : 0;
        }
        else if ((word & 0x3b000000) is 0x39000000 or 0x38000000 && ((word >> 22) & 3) == 0)
        {
            Writeback(word, n, registers);
        }
        else if ((word & 0x3a000000) == 0x28000000)
        {
            if ((word & 0x00400000) != 0)
            {
                registers[d] = 0;
                registers[(int)((word >> 10) & 31)] = 0;
            }

            if ((word & 0x00800000) != 0)
            {
                registers[n] = 0;
            }
        }
        else if ((word & 0xffc00000) != 0xd5000000 || (word & 0x00200000) != 0)
        {
            registers[d] = 0;
            if ((word & 0x3b000000) == 0x38000000)
            {
                Writeback(word, n, registers);
            }
        }

        registers[31] = 0;
    }

    private static void Writeback(uint word, int register, ulong[] registers)
    {
        if ((word & 0x3b200400) == 0x38000400)
        {
            registers[register] = 0;
        }
    }

    private void ApplyX86(Insn insn, ulong[] registers)
    {
        if (insn.Flow is FlowKind.Call or FlowKind.IndirectCall)
        {
            foreach (
                var register in (ReadOnlySpan<Register>)
                    [
                        Register.RAX,
                        Register.RCX,
                        Register.RDX,
                        Register.RSI,
                        Register.RDI,
                        Register.R8,
                        Register.R9,
                        Register.R10,
                        Register.R11,
                    ]
            )
            {
                registers[Slot(register)] = 0;
            }

            return;
        }

        _x86.Decode(_image.Space.At(insn.Address), insn.Address);
        var x86 = _x86.Last;
        var to = x86.OpCount > 0 && x86.Op0Kind == OpKind.Register ? Slot(x86.Op0Register) : -1;
        var value = 0UL;
        switch (x86.Mnemonic)
        {
            case Mnemonic.Mov
                when to >= 0 && x86.Op1Kind is OpKind.Immediate32to64 or OpKind.Immediate64 or OpKind.Immediate32:
                value = x86.GetImmediate(1);
                break;
            case Mnemonic.Mov when to >= 0 && x86.Op1Kind == OpKind.Register:
                value = Slot(x86.Op1Register) is var from and >= 0 ? registers[from] : 0;
                break;
            case Mnemonic.Lea when x86.IsIPRelativeMemoryOperand:
                value = x86.IPRelativeMemoryAddress;
                break;
            case Mnemonic.Lea:
                var displacement = (ulong)(long)(int)x86.MemoryDisplacement64;
                value =
                    Slot(x86.MemoryBase) is var b and >= 0 && registers[b] != 0 ? registers[b] + displacement
                    : displacement > 4096 ? displacement
                    : 0;
                break;
            case Mnemonic.Add when to >= 0:
                var other =
                    x86.Op1Kind == OpKind.Register && Slot(x86.Op1Register) is var o and >= 0 ? registers[o] : 0;
                var immediate = x86.Op1Kind is OpKind.Immediate8to64 or OpKind.Immediate32to64
                    ? x86.GetImmediate(1)
                    : 0;
                value =
                    registers[to] == 0
                        ? immediate > 4096
                            ? immediate
                            : other
                        : other == 0
                            ? registers[to] + immediate
                            : 0;
                break;
            default:
                break;
        }

        foreach (var used in _info.GetInfo(x86).GetUsedRegisters())
        {
            if (
                used.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite
                && Slot(used.Register) is var slot and >= 0
            )
            {
                registers[slot] = 0;
            }
        }

        if (to >= 0)
        {
            registers[to] = value;
        }
    }

    private static int Slot(Register register)
    {
        var full = register.GetFullRegister();
        return full is >= Register.RAX and <= Register.R15 ? full - Register.RAX : -1;
    }
}
