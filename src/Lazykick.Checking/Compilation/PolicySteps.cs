using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>What asks a policy whether it skips a CPU, and what answers.</summary>
internal sealed class PolicySteps(SchemeCompiler compiler, int cpu, StepBuilder steps, PathCode code)
{
    /// <summary>The policy is asked about a CPU; if it takes the CPU, the mask gets it.</summary>
    public Node Select(SelectStep step, Node after, StepContext context)
    {
        var policy = compiler.Scheme.Policies[step.Policy];
        var target = context.Scope.CpuOf(step.Cpu);
        var mask = context.Scope.FieldOf(step.Mask);
        if (policy.Ask is not null)
        {
            var inner = new StepContext(
                compiler.Scope(cpu).Bind(policy.Variable, target),
                [.. context.Calls, policy.Name],
                context.Sections,
                null,
                new AnswerContext(policy.Name, mask, target, after),
                context.About,
                context.Loop
            );
            var first = steps.Build(policy.Ask, after, inner);
            foreach (var asking in FirstOf(first))
                asking.Asks = (policy.Name, target);
            return first;
        }

        var skip = compiler.Scope(cpu).Bind(policy.Variable, target).Resolve(policy.SkipWhen!);
        var instruction = code.Instruction(step, context);
        instruction.Asks = (policy.Name, target);
        var skips = new Move(instruction, false, skip)
        {
            Note = $"skips CPU{target}",
            Decision = new Decision(policy.Name, target, true),
        };
        var takes = new Move(instruction, false, Value.Not(skip))
        {
            Note = $"takes CPU{target}",
            Decision = new Decision(policy.Name, target, false),
        };
        takes.Effects.Add((mask, Value.Combine(true, new Value.Read(mask), new Value.Constant(1 << target))));
        code.Add(instruction, skips, after);
        code.Add(instruction, takes, after);
        return new Node.To(instruction);
    }

    /// <summary>The answer that ends the steps of an <c>ask</c>.</summary>
    public Node.To Answer(AnswerStep step, StepContext context)
    {
        var answer = context.Answer!;
        var instruction = code.Instruction(step, context);
        var move = new Move(instruction, false, null)
        {
            Note = $"{(step.Skips ? "skips" : "takes")} CPU{answer.Cpu}",
            Decision = new Decision(answer.Policy, answer.Cpu, step.Skips),
        };
        if (!step.Skips)
        {
            move.Effects.Add(
                (answer.Mask, Value.Combine(true, new Value.Read(answer.Mask), new Value.Constant(1 << answer.Cpu)))
            );
        }

        code.Add(instruction, move, answer.After);
        return new Node.To(instruction);
    }

    /// <summary>The instructions that a node leads to, whichever way its tests go.</summary>
    private static IEnumerable<Instruction> FirstOf(Node node, int depth = 0) =>
        depth > 100
            ? []
            : node.Resolve() switch
            {
                Node.To to => [to.Instruction],
                Node.Branch branch => FirstOf(branch.Then, depth + 1).Concat(FirstOf(branch.Otherwise, depth + 1)),
                _ => [],
            };
}
