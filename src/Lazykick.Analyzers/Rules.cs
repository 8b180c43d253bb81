using Microsoft.CodeAnalysis;

namespace Lazykick.Analyzers;

/// <summary>What the analyzers report.</summary>
public static class Rules
{
    private const string Category = "Lazykick";
    private const string HelpLink = "https://github.com/lazykick/lazykick/blob/main/docs/reference/analyzers.md#";

    /// <summary>LKR001: a registration, a scope or a pin that nothing disposes, or not on every path.</summary>
    public static readonly DiagnosticDescriptor NotDisposed = new(
        "LKR001",
        "Registration, scope or pin is not disposed",
        "The result of '{0}' is {1}: {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A registration that is not disposed keeps its slot until its thread ends; a scope that is not disposed holds "
            + "up every grace period; a pin that is not disposed keeps its object.",
        HelpLink + "lkr001"
    );

    /// <summary>LKR002: a protected reference that outlives its scope.</summary>
    public static readonly DiagnosticDescriptor Escapes = new(
        "LKR002",
        "Protected reference is kept after its scope",
        "'{0}' was read inside a read scope or by a pin and is {1}: after its end what it refers to may be freed. Copy "
            + "what is needed, or widen the scope.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What a read scope protects is safe to use until the scope ends, and not a moment longer.",
        HelpLink + "lkr002"
    );

    /// <summary>LKR003: waiting for oneself, inside an active scope or a callback.</summary>
    public static readonly DiagnosticDescriptor WaitsForItself = new(
        "LKR003",
        "Waiting for a grace period inside an active scope, or for callbacks in one",
        "'{0}' {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A thread that waits for a grace period inside its own read scope or active region would wait for ever, and so "
            + "would a callback that waits for the queue it is in.",
        HelpLink + "lkr003"
    );

    /// <summary>LKR004: blocking while active.</summary>
    public static readonly DiagnosticDescriptor BlocksWhileActive = new(
        "LKR004",
        "Blocking call while active",
        "'{0}' may block, and meanwhile no grace period of the domain ends. Move it out of the scope, or wrap it into "
            + "EnterQuiescent() where no protected reference is held.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A thread that blocks inside a read scope or an active region holds up every grace period of its domain.",
        HelpLink + "lkr004",
        WellKnownDiagnosticTags.CompilationEnd
    );

    /// <summary>LKR005: a registration that is used on both sides of an await.</summary>
    public static readonly DiagnosticDescriptor AcrossAwait = new(
        "LKR005",
        "Registration is used across an await",
        "'{0}' belongs to the thread that registered, and after the await the code may run on another one. Register on "
            + "a thread of your own, or register anew after the await.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A registration belongs to one thread; an async method may continue on another one.",
        HelpLink + "lkr005"
    );

    /// <summary>LKR006: a protected member read where no scope is open.</summary>
    public static readonly DiagnosticDescriptor ReadWithoutScope = new(
        "LKR006",
        "Protected member is read without a scope",
        "'{0}' may be freed while it is used here: no read scope is open. Open one, or take a parameter of type "
            + "ReadScope or mark the method with RcuProtected if its callers do.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What is marked as protected is safe to use only inside a read scope or an active region.",
        HelpLink + "lkr006"
    );

    /// <summary>LKR007: retired before it is unpublished, twice, or used afterwards.</summary>
    public static readonly DiagnosticDescriptor RetiredWrongly = new(
        "LKR007",
        "Resource is retired too early, twice, or used afterwards",
        "'{0}' is retired {1}. Exchange first, then retire what the exchange gave, once and as the last use.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Retiring hands a resource over: no new reader may find it, and its former owner uses it no more.",
        HelpLink + "lkr007"
    );

    /// <summary>LKR008: a scope that is copied.</summary>
    public static readonly DiagnosticDescriptor ScopeCopied = new(
        "LKR008",
        "Scope is copied",
        "'{0}' is copied: whichever copy is disposed second throws. Hand a scope on by 'in'.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A scope is closed once, by the variable that opened it.",
        HelpLink + "lkr008"
    );
}
