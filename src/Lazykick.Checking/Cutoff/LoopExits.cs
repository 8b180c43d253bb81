using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Cutoff;

/// <summary>(3) No turn of a loop over CPUs ends the loop.</summary>
internal sealed class LoopExits(Scheme scheme)
{
    public string? Reason()
    {
        foreach (var loop in scheme.AllSteps().OfType<ForStep>())
        {
            if (Exit(loop.Body) is { } exit)
                return $"a loop over CPUs is left in the middle ({exit.Span})";
        }

        return null;
    }

    /// <summary>A <c>break</c> that belongs to no <c>repeat</c> in these steps.</summary>
    private static BreakStep? Exit(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            var exit = step switch
            {
                BreakStep b => b,
                WhenStep w => Exit(w.Then) ?? Exit(w.Else),
                EitherStep e => e.Branches.Select(Exit).FirstOrDefault(b => b is not null),
                SectionStep s => Exit(s.Body),
                ForStep f => Exit(f.Body),
                _ => null,
            };
            if (exit is not null)
                return exit;
        }

        return null;
    }
}
