using Microsoft.CodeAnalysis;

namespace Lazykick.Analyzers;

/// <summary>What the analyzers report.</summary>
public static class Rules
{
    private const string Category = "Lazykick";
    private const string HelpLink = "https://www.nuget.org/packages/Lazykick";

    /// <summary>LKR001: a registration or a scope that nothing disposes.</summary>
    public static readonly DiagnosticDescriptor NotDisposed = new(
        "LKR001",
        "Registration or scope is never disposed",
        "The result of '{0}' is never disposed: {1}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A registration that is not disposed keeps its slot until its thread ends; a scope that is not disposed holds up every grace period.",
        HelpLink
    );

    /// <summary>LKR002: a protected reference that outlives its scope.</summary>
    public static readonly DiagnosticDescriptor Escapes = new(
        "LKR002",
        "Protected reference is kept after its scope",
        "'{0}' was read inside a read scope and is {1}: after the scope what it refers to may be freed. Copy what is needed, or widen the scope.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What a read scope protects is safe to use until the scope ends, and not a moment longer.",
        HelpLink
    );

    /// <summary>LKR003: waiting for a grace period inside an active scope.</summary>
    public static readonly DiagnosticDescriptor WaitsForItself = new(
        "LKR003",
        "Waiting for a grace period inside an active scope",
        "'{0}' waits for all threads to be quiescent, and this one is active: it would wait for itself and throws. Move it behind the scope.",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A thread that waits for a grace period inside its own read scope or active region would wait for ever.",
        HelpLink
    );

    /// <summary>LKR004: blocking while active.</summary>
    public static readonly DiagnosticDescriptor BlocksWhileActive = new(
        "LKR004",
        "Blocking call while active",
        "'{0}' may block, and meanwhile no grace period of the domain ends. Move it out of the scope, or wrap it into EnterQuiescent() where no protected reference is held.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A thread that blocks inside a read scope or an active region holds up every grace period of its domain.",
        HelpLink
    );

    /// <summary>LKR005: a registration that is used on both sides of an await.</summary>
    public static readonly DiagnosticDescriptor AcrossAwait = new(
        "LKR005",
        "Registration is used across an await",
        "'{0}' belongs to the thread that registered, and after the await the code may run on another one. Register on a thread of your own, or register anew after the await.",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A registration belongs to one thread; an async method may continue on another one.",
        HelpLink
    );
}
