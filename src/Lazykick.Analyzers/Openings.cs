using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>Calls whose result somebody has to dispose: registrations, scopes and pins.</summary>
internal static class Openings
{
    /// <summary>What comes of not disposing a call's result; null if it needs no disposal.</summary>
    public static string? ConsequenceOf(IInvocationOperation call)
    {
        var owner = call.TargetMethod.ContainingType;
        if (Names.Is(call.Type, Names.Thread) && Names.Is(owner, Names.Domain))
            return "declare it with 'using'.";
        if (Names.IsScope(call.Type) && (Names.Is(owner, Names.Thread) || Names.Is(owner, Names.Domain)))
            return "the scope stays open and no grace period ends; declare it with 'using'.";
        return IsPin(call) ? "the pin keeps its object for ever; declare it with 'using'." : null;
    }

    /// <summary>Whether a call gives a pin.</summary>
    public static bool IsPin(IInvocationOperation call) =>
        Names.Is(call.Type, Names.Pin)
        && (
            Names.Is(call.TargetMethod.ContainingType, Names.HotSwap)
            || Names.Is(call.TargetMethod.ContainingType, Names.Reference)
        );

    /// <summary>The call that gives a value, if it is one of these.</summary>
    public static IInvocationOperation? Of(IOperation value) =>
        Unconverted(value) is IInvocationOperation call && ConsequenceOf(call) is not null ? call : null;

    /// <summary>A value without the conversions around it.</summary>
    public static IOperation Unconverted(IOperation value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value;
    }

    /// <summary>Handed over by <c>in</c>: who gets it can read by the scope and not close it.</summary>
    public static bool IsOnlyLent(IArgumentOperation argument) =>
        argument.Parameter?.RefKind is RefKind.In or RefKind.RefReadOnlyParameter;
}
