using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Images;

namespace Lazykick.Auditing.Tests.Support;

/// <summary>
/// An arm64 kernel of a page: a system call that meets a static key on its way to the atomic, an idle loop, ordinary
/// text. What a test wants to be otherwise it says.
/// </summary>
internal sealed class TinyKernel
{
    public const ulong Text = 0xffff800080010000;
    private const ulong Data = 0xffff800080020000;
    private const ulong Noinstr = Text + 0x400;
    private readonly Dictionary<string, ulong> _labels = new(StringComparer.Ordinal);
    private readonly uint[] _code = new uint[0x800 / 4];

    /// <summary>The key lies in data that is read-only after init.</summary>
    public bool IsSealed { get; init; }

    /// <summary>An isb follows the atomic.</summary>
    public bool HasIsb { get; init; }

    /// <summary>A function that stays changes the key; else one of init text.</summary>
    public bool UpdatesAtRuntime { get; init; }

    /// <summary>Bytes that BTF gives a row of the jump table; 16 are what the table has.</summary>
    public int JumpEntrySize { get; init; } = 16;

    /// <summary>A function that a vendor calls otherwise.</summary>
    public (string From, string To)? Renamed { get; init; }

    /// <summary>Names that the image does not have.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>The ELF file has its symbols.</summary>
    public bool HasSymbols { get; init; } = true;

    public KernelImage Load() => ImageLoader.Load(new MemoryFile(Build()));

    public byte[] Build()
    {
        // Ordinary text at 0: the system call; the function that changes the key at 0x40 (or in init text, at 0x200).
        Function("do_el0_svc", 0, Ret);
        Function("static_key_enable", 0x20, Ret);
        Function(UpdatesAtRuntime ? "set_the_key" : "unrelated", 0x40, UpdatesAtRuntime ? Updater(0x40) : [Ret]);
        Function("psci_suspend", 0x80, Nop, Ret);
        Function("init_the_key", 0x200, Updater(0x200));

        // What sends interrupts, and what waits, with interrupts masked and without.
        Function("smp_call_function_single", 0xc0, Ret);
        Function("sends_masked", 0xe0, Mask, Bl(0xe4, 0xc0), Unmask, Bl(0xec, 0xc0), Ret);
        Function("waits_masked", 0x100, Mask, Yield, CbnzBack, Unmask, Ret);
        Function("sends_perhaps", 0x120, CbzOverNext, Mask, Bl(0x128, 0xc0), Ret);
        Function("waits_open", 0x140, Yield, CbnzBack, Ret);
        Function("relaxes_once", 0x160, Mask, Yield, Unmask, Ret);
        Function("sends_last", 0x180, Mask, B(0x184, 0xc0));
        Function("init_sends_masked", 0x240, Mask, Bl(0x244, 0xc0), Ret);

        // Noinstr text from 0x400.
        Function("ct_kernel_enter_state", 0x400, [.. StateAddress(), Ldadd, Ret]);
        Function("ct_kernel_exit_state", 0x440, [.. StateAddress(), Ldadd, Ret]);
        Function("__ct_user_exit", 0x480, [Bl(0x480, 0x400), .. HasIsb ? [Isb] : Array.Empty<uint>(), Ret]);
        Function("__ct_user_enter", 0x4c0, Bl(0x4c0, 0x440), Ret);
        Function("el0_svc", 0x500, Nop, Bl(0x504, 0x480), Bl(0x508, 0), Bl(0x50c, 0x4c0), Ret);
        Function("ct_idle_enter", 0x540, Bl(0x540, 0x440), Ret);
        Function("ct_idle_exit", 0x560, Bl(0x560, 0x400), Ret);
        Function("do_idle", 0x580, Bl(0x580, 0x540), Nop, Bl(0x588, 0x80), Bl(0x58c, 0x560), Ret);

        // Entry text from 0x700.
        Function("el0t_64_sync", 0x700, Bl(0x700, 0x500), Eret);
        return Elf();
    }

    /// <summary>The same as arm64's raw Image, with kallsyms after its data.</summary>
    public byte[] BuildRaw()
    {
        Build();
        var image = new byte[0x24000];
        "ARMd"u8.CopyTo(image.AsSpan(56));
        Buffer.BlockCopy(_code, 0, image, (int)(Text - KallsymsWriter.Base), _code.Length * 4);
        "Linux version 9.9.9-tiny (test)\0"u8.CopyTo(image.AsSpan(0x20100));
        JumpTable().CopyTo(image, 0x21000);
        var symbols = Symbols()
            .Select(s => (s.Name, s.Address))
            .Append(("_text", KallsymsWriter.Base))
            .Append(("__start___jump_table", Data + 0x1000))
            .Append(("__stop___jump_table", Data + 0x1010))
            .Concat(Enumerable.Range(0, 1000).Select(i => ($"datum_{i}", Data + 0x1000 + (ulong)i)))
            .OrderBy(s => s.Item2)
            .ToList();
        return [.. image, .. KallsymsWriter.Write(symbols, "offsets before the names, relative to a base")];
    }

    /// <summary>Its System.map, with as many names of data as make one that is no stub.</summary>
    public byte[] SystemMap()
    {
        Build();
        var lines = Symbols()
            .Concat(Enumerable.Range(0, 100).Select(i => ($"datum_{i}", Data + 0x100 + (ulong)i, 2)))
            .OrderBy(s => s.Item2)
            .Select(s => $"{s.Item2:x16} {(s.Item3 == 1 ? 'T' : 'D')} {s.Item1}\n");
        return System.Text.Encoding.ASCII.GetBytes(string.Concat(lines));
    }

    private byte[] Elf()
    {
        var elf = new ElfBuilder(183);
        elf.Section(".text", Text, [.. _code.SelectMany(BitConverter.GetBytes)], flags: 6);
        var data = new byte[0x200];
        "Linux version 9.9.9-tiny (test)\0"u8.CopyTo(data.AsSpan(0x100));
        elf.Section(".data", Data, data, flags: 3);
        elf.Section("__jump_table", Data + 0x1000, JumpTable());
        elf.Section("__mcount_loc", Data + 0x2000, BitConverter.GetBytes(Text + 0x80));
        elf.Section("_kprobe_blacklist", Data + 0x3000, BitConverter.GetBytes(Text));
        var types = new BtfWriter()
            .Struct("context_tracking", 16, ("active", 8), ("state", 0))
            .Struct("jump_entry", JumpEntrySize, ("code", 0), ("target", 4), ("key", 8));
        elf.Section(".BTF", Data + 0x4000, types.Build());
        foreach (var (name, at, section) in HasSymbols ? Symbols() : [])
        {
            elf.Symbol(name, at, section);
        }

        return elf.Build();
    }

    // One entry at Data + 0x1000: code, target and key, relative to their own places.
    private static byte[] JumpTable() =>
        [
            .. BitConverter.GetBytes(0x500 - 0x11000),
            .. BitConverter.GetBytes(0x508 - 0x11004),
            .. BitConverter.GetBytes(0x40L - 0x1008),
        ];

    private IEnumerable<(string Name, ulong Address, int Section)> Symbols() =>
        [
            .. _labels
                .Where(l => !Without.Contains(l.Key))
                .Select(l => (l.Key == Renamed?.From ? Renamed.Value.To : l.Key, l.Value, 1)),
            ("_stext", Text, 2),
            ("_etext", Text + 0x800, 2),
            ("_sinittext", Text + 0x200, 2),
            ("_einittext", Text + 0x300, 2),
            ("__noinstr_text_start", Noinstr, 2),
            ("__noinstr_text_end", Text + 0x700, 2),
            ("__entry_text_start", Text + 0x700, 2),
            ("__entry_text_end", Text + 0x800, 2),
            ("__start_ro_after_init", IsSealed ? Data : Data + 0x80, 2),
            ("__end_ro_after_init", Data + 0x100, 2),
            ("context_tracking", Data + 0x20, 2),
            ("the_key", Data + 0x40, 2),
            ("__start___ksymtab", Data + 0x60, 2),
            ("__stop___ksymtab", Data + 0x60, 2),
        ];

    private void Function(string name, int at, params uint[] words)
    {
        _labels[name] = Text + (ulong)at;
        words.CopyTo(_code, at / 4);
    }

    // adrp x0, data; add x0, x0, the_key; bl static_key_enable
    private static uint[] Updater(int at) => [0x90000080, 0x91010000, Bl(at + 8, 0x20), Ret];

    // adrp x0, data; add x0, x0, context_tracking
    private static uint[] StateAddress() => [0x90000080, 0x91008000];

    private const uint Ret = 0xd65f03c0;
    private const uint Nop = 0xd503201f;
    private const uint Isb = 0xd5033fdf;
    private const uint Eret = 0xd69f03e0;
    private const uint Ldadd = 0xb8e10001;
    private const uint Mask = 0xd50342df;
    private const uint Unmask = 0xd50342ff;
    private const uint Yield = 0xd503203f;

    // To the instruction before; over the next one.
    private const uint CbnzBack = 0xb5ffffe0;
    private const uint CbzOverNext = 0xb4000040;

    private static uint B(int from, int to) => 0x14000000 | ((uint)((to - from) >> 2) & 0x3ffffff);

    private static uint Bl(int from, int to) => 0x94000000 | ((uint)((to - from) >> 2) & 0x3ffffff);
}
