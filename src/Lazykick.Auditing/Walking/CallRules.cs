using Lazykick.Auditing.Images;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// In which states control comes back from a call: by what the model says of the function, by its summary where it is
/// walked, or as it was called where it is not. The empty set: not at all, or not that anybody knows yet.
/// </summary>
internal sealed class CallRules(WalkContext context, Walker walker)
{
    private const int MostOrdinary = 3;

    private readonly KernelImage _image = context.Image;

    /// <summary>A call, or a jump to where another function starts.</summary>
    public StateSet Direct(WalkNode node, ulong site, ulong target, RcuState state)
    {
        var role = context.RoleOf(target);
        if (role.IsReturnThunk)
        {
            node.Exits |= StateSet.Of(state);
            return default;
        }

        if (role.IsNever)
        {
            return default;
        }

        if (role.IsSkipped || role.IsTracer)
        {
            if (role.IsSkipped)
            {
                walker.Limits.Add(
                    role.IsBoot ? "helpers of alternatives, not walked" : "calls that the model skips",
                    role.Name
                );
            }

            return StateSet.Of(state);
        }

        if (role.IsIndirectThunk)
        {
            return Indirect(node, site, state);
        }

        if (role.IsNestIn && state.IsWatching())
        {
            return StateSet.Of(RcuState.Nested);
        }

        if (role.IsNestOut && state == RcuState.Nested)
        {
            return StateSet.Of(RcuState.Watching);
        }

        if (_image.External.ContainsKey(target))
        {
            return External(role, state);
        }

        if (!state.IsEqs() && !Enters(node, site, target, ref state))
        {
            return StateSet.Of(state);
        }

        if (node.Depth >= MostOrdinary && !_image.Sections.IsQuiet(target))
        {
            if (state.IsEqs())
            {
                walker.Limits.Add(
                    $"calls from a window more than {MostOrdinary} functions deep in ordinary text, not walked",
                    role.Name
                );
            }

            return StateSet.Of(state);
        }

        var direction = role.Direction == Direction.Unknown ? node.Direction : role.Direction;
        return Returned(role, walker.Called(target, state, direction, node, site).Exits);
    }

    /// <summary>A call through a pointer.</summary>
    public StateSet Indirect(WalkNode node, ulong site, RcuState state)
    {
        if (context.PointedTo(site) is { } targets)
        {
            // Drivers that leave and enter the EQS themselves are called while RCU watches, the others in the EQS.
            return targets
                .Where(target => context.Reaching.Contains(target) == !state.IsEqs())
                .Aggregate(
                    default(StateSet),
                    (all, target) =>
                        all
                        | Returned(
                            context.RoleOf(target),
                            walker.Called(target, state, Direction.Unknown, node, site).Exits
                        )
                );
        }

        if (state.IsEqs())
        {
            walker.Limits.Add("indirect calls in a window, not followed", _image.Place(site));
        }
        else if (state.IsOpen())
        {
            node.Boundaries.Add((site, state, 0));
            state = RcuState.Watching;
        }

        return StateSet.Of(state);
    }

    /// <summary>
    /// While RCU watches: is this call worth a walk? Ordinary text returns as it was called; what is called first of
    /// all is noted.
    /// </summary>
    private bool Enters(WalkNode node, ulong site, ulong target, ref RcuState state)
    {
        if (!_image.Sections.IsQuiet(target))
        {
            if (state.IsOpen())
            {
                node.Boundaries.Add((site, state, target));
                state = RcuState.Watching;
            }

            // The loop of the idle task and its drivers leave and enter the EQS from ordinary text.
            return !walker.IsEntry && context.Reaching.Contains(target);
        }

        return context.Reaching.Contains(target) || state.IsOpen();
    }

    /// <summary>A module calls the kernel, whose code is not in this image.</summary>
    private StateSet External(FunctionRole role, RcuState state)
    {
        if (role.Direction == Direction.Out && state.IsEqs())
        {
            walker.Limits.Add("EQS exits that a module calls in the kernel", role.Name);
            return StateSet.Of(RcuState.Fresh);
        }

        if (role.Direction == Direction.Into && !state.IsEqs())
        {
            walker.Limits.Add("EQS entries that a module calls in the kernel", role.Name);
            return StateSet.Of(RcuState.Leaving);
        }

        if (state.IsEqs())
        {
            walker.Limits.Add("functions of the kernel that a module calls in the EQS, not walked", role.Name);
        }

        return StateSet.Of(state);
    }

    /// <summary>The states in a summary that the function's post-condition allows.</summary>
    private StateSet Returned(FunctionRole role, StateSet exits)
    {
        var watching = exits & StateSet.Watching;
        if (!role.IsWatching || watching == exits)
        {
            return exits;
        }

        walker.Limits.Add("post-conditions that decided: RCU watches after", role.Name);
        return watching.IsEmpty ? StateSet.Of(RcuState.Fresh) : watching;
    }
}
