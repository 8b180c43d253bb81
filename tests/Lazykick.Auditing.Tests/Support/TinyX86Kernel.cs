using Iced.Intel;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Images;
using static Iced.Intel.AssemblerRegisters;

namespace Lazykick.Auditing.Tests.Support;

/// <summary>
/// An x86 kernel of a page: a system call that meets a static key on its way to the atomic, an idle loop, ordinary
/// text. What a test wants to be otherwise it says.
/// </summary>
internal sealed class TinyX86Kernel
{
    private const ulong Text = 0xffffffff81000000;
    private const ulong Data = 0xffffffff82000000;
    private const ulong State = 0x2b000;
    private const ulong Key = Data + 0x40;
    private readonly Dictionary<string, ulong> _labels = new(StringComparer.Ordinal);
    private readonly byte[] _code = new byte[0x800];

    /// <summary>An instruction that serialises follows the atomic.</summary>
    public bool Serialises { get; init; }

    /// <summary>Returns are jumps to the return thunk, as in a kernel with that mitigation.</summary>
    public bool ReturnsByThunk { get; init; }

    public KernelImage Load() => ImageLoader.Load(new MemoryFile(Build()));

    public byte[] Build()
    {
        Array.Fill(_code, (byte)0xcc);
        Function("do_syscall", 0, c => c.ret());
        Function("static_key_enable", 0x40, c => c.ret());
        Function("set_the_key", 0x80, c => SetKey(c));
        Function("init_something", 0x200, c => c.ret());

        // Noinstr text from 0x400.
        Function("ct_kernel_enter_state", 0x400, c => Atomic(c));
        Function("ct_kernel_exit_state", 0x440, c => Atomic(c));
        Function("__ct_user_exit", 0x480, c => LeavesEqs(c));
        Function("__ct_user_enter", 0x4c0, c => CallAndReturn(c, 0x440));
        Function("syscall_entry", 0x500, c => SystemCall(c));
        Function("ct_idle_enter", 0x540, c => CallAndReturn(c, 0x440));
        Function("ct_idle_exit", 0x580, c => CallAndReturn(c, 0x400));
        Function("do_idle", 0x5c0, c => Idle(c));
        Function("__x86_return_thunk", 0x640, c => c.ret());

        // Entry text from 0x700.
        Function("entry_SYSCALL_64", 0x700, c => Entry(c));
        return Elf();
    }

    private void LeavesEqs(Assembler c)
    {
        c.call(Text + 0x400);
        if (Serialises)
        {
            c.serialize();
        }

        Return(c);
    }

    private static void SetKey(Assembler c)
    {
        c.mov(rdi, unchecked((int)Key));
        c.call(Text + 0x40);
        c.ret();
    }

    private void Atomic(Assembler c)
    {
        c.@lock.xadd(__dword_ptr.gs[(long)State], eax);
        Return(c);
    }

    private void Return(Assembler c)
    {
        if (ReturnsByThunk)
        {
            c.jmp(Text + 0x640);
        }
        else
        {
            c.ret();
        }
    }

    private static void CallAndReturn(Assembler c, ulong to)
    {
        c.call(Text + to);
        c.ret();
    }

    private static void SystemCall(Assembler c)
    {
        c.db(0x0f, 0x1f, 0x44, 0x00, 0x00);
        c.call(Text + 0x480);
        c.call(Text);
        c.call(Text + 0x4c0);
        c.ret();
    }

    private static void Idle(Assembler c)
    {
        c.call(Text + 0x540);
        c.hlt();
        c.call(Text + 0x580);
        c.ret();
    }

    private static void Entry(Assembler c)
    {
        c.call(Text + 0x500);
        c.sysretq();
    }

    private void Function(string name, int at, Action<Assembler> write)
    {
        var assembler = new Assembler(64);
        write(assembler);
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), Text + (ulong)at);
        stream.ToArray().CopyTo(_code, at);
        _labels[name] = Text + (ulong)at;
    }

    private byte[] Elf()
    {
        var elf = new ElfBuilder(62);
        elf.Section(".text", Text, _code, flags: 6);
        var data = new byte[0x200];
        "Linux version 9.9.9-x86 (test)\0"u8.CopyTo(data.AsSpan(0x100));
        elf.Section(".data", Data, data, flags: 3);
        elf.Section("__jump_table", Data + 0x1000, JumpTable());
        elf.Section("__mcount_loc", Data + 0x2000, BitConverter.GetBytes(Text));
        elf.Section("_kprobe_blacklist", Data + 0x3000, BitConverter.GetBytes(Text));
        foreach (var (name, at) in _labels)
        {
            elf.Symbol(name, at, 1);
        }

        foreach (
            var (name, at) in new[]
            {
                ("_stext", Text),
                ("_etext", Text + 0x800),
                ("_sinittext", Text + 0x200),
                ("_einittext", Text + 0x300),
                ("__noinstr_text_start", Text + 0x400),
                ("__noinstr_text_end", Text + 0x700),
                ("__entry_text_start", Text + 0x700),
                ("__entry_text_end", Text + 0x800),
                ("__start_ro_after_init", Data + 0x80),
                ("__end_ro_after_init", Data + 0x100),
                ("__start___ksymtab", Data + 0x60),
                ("__stop___ksymtab", Data + 0x60),
                ("the_key", Key),
                ("context_tracking", State),
            }
        )
        {
            elf.Symbol(name, at, 2);
        }

        return elf.Build();
    }

    // The site, the call of do_syscall as the jump's target, and the key, relative to their own places.
    private static byte[] JumpTable()
    {
        return
        [
            .. BitConverter.GetBytes(Distance(Text + 0x500, 0)),
            .. BitConverter.GetBytes(Distance(Text + 0x50a, 4)),
            .. BitConverter.GetBytes((long)Distance(Key, 8)),
        ];

        static int Distance(ulong to, ulong at) => unchecked((int)(to - (Data + 0x1000 + at)));
    }
}
