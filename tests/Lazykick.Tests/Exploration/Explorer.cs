using Xunit.Sdk;

namespace Lazykick.Tests.Exploration;

/// <summary>Builds the threads of one execution; the result is checked when all have ended.</summary>
internal delegate Action? Scenario(Simulation simulation);

/// <summary>What an exploration saw.</summary>
internal sealed record Outcome(int Executions, int Pruned, bool IsComplete, string? Failure);

/// <summary>Runs a scenario in all orders, or in as many as are asked for.</summary>
internal static class Explorer
{
    /// <summary>Every execution, or every one with at most so many preemptions.</summary>
    public static Outcome Explore(
        Scenario scenario,
        bool tso,
        Mutation mutation = Mutation.None,
        int? preemptions = null,
        int limit = 2_000_000
    )
    {
        DepthFirstPath path = new(preemptions);
        var executions = 0;
        var pruned = 0;
        do
        {
            path.Restart();
            using var simulation = RunOnce(scenario, path, tso, mutation, log: false, out var failure);
            executions++;
            pruned += simulation.IsPruned ? 1 : 0;
            if (failure is not null)
            {
                return new Outcome(
                    executions,
                    pruned,
                    IsComplete: false,
                    Describe(scenario, path.Text, preemptions, tso, mutation, failure)
                );
            }
        } while (executions < limit && path.Advance());
        return new Outcome(executions, pruned, executions < limit, null);
    }

    /// <summary>So many executions at random.</summary>
    public static Outcome Sample(Scenario scenario, bool tso, int seed, int count, Mutation mutation = Mutation.None)
    {
        for (var i = 0; i < count; i++)
        {
            using var simulation = RunOnce(
                scenario,
                new RandomPath(seed + i),
                tso,
                mutation,
                log: false,
                out var failure
            );
            if (failure is null)
                continue;
            using var again = RunOnce(scenario, new RandomPath(seed + i), tso, mutation, log: true, out failure);
            return new Outcome(
                i + 1,
                0,
                IsComplete: false,
                $"seed {seed + i}: {failure}\n{string.Join('\n', again.Log)}"
            );
        }

        return new Outcome(count, 0, IsComplete: false, null);
    }

    private static Simulation RunOnce(
        Scenario scenario,
        IPath path,
        bool tso,
        Mutation mutation,
        bool log,
        out Exception? failure
    )
    {
        Simulation simulation = new(path, tso, mutation, log);
        var check = scenario(simulation);
        simulation.Run();
        failure = simulation.Failure;
        if (failure is null && !simulation.IsPruned)
        {
            try
            {
                simulation.Peek(() =>
                {
                    check?.Invoke();
                    return true;
                });
            }
            catch (XunitException exception)
            {
                failure = exception;
            }
        }

        return simulation;
    }

    private static string Describe(
        Scenario scenario,
        string path,
        int? preemptions,
        bool tso,
        Mutation mutation,
        Exception failure
    )
    {
        DepthFirstPath replay = new(
            preemptions,
            [.. path.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]
        );
        using var again = RunOnce(scenario, replay, tso, mutation, log: true, out _);
        return $"{failure}\npath {path}\n{string.Join('\n', again.Log)}";
    }
}
