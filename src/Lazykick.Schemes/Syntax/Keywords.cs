namespace Lazykick.Schemes.Syntax;

/// <summary>The words that begin a line.</summary>
internal static class Keywords
{
    private static readonly string[] s_declarations =
    [
        "arch",
        "assume",
        "base",
        "cpus",
        "ghost",
        "in",
        "include",
        "kernel",
        "kick",
        "knob",
        "mapping",
        "message",
        "override",
        "pairwise",
        "path",
        "percpu",
        "place",
        "policy",
        "private",
        "promises",
        "role",
        "routine",
        "scheme",
        "set",
        "shared",
        "source",
        "state",
        "text",
    ];

    private static readonly string[] s_steps =
    [
        "alloc",
        "assert",
        "body",
        "break",
        "call",
        "cas",
        "clobber",
        "dc",
        "discover",
        "drain",
        "dsb",
        "either",
        "eret",
        "exception",
        "flush",
        "for",
        "free",
        "guest",
        "ic",
        "inherit",
        "interrupt",
        "iret",
        "isb",
        "kick",
        "linger",
        "mask",
        "repeat",
        "restore",
        "rmw",
        "run",
        "save",
        "section",
        "select",
        "send",
        "serialize",
        "skip",
        "smp_mb",
        "smp_rmb",
        "smp_wmb",
        "step",
        "sysret",
        "tlbi",
        "together",
        "touch",
        "unmap",
        "unmask",
        "use",
        "wait",
        "wfi",
        "when",
        "write",
        "x86_exception",
    ];

    /// <summary>Words that begin a declaration.</summary>
    public static IReadOnlyList<string> Declarations => s_declarations;

    /// <summary>Words that begin a step.</summary>
    public static IReadOnlyList<string> Steps => s_steps;
}
