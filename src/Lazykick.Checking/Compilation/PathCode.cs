using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>The instructions of one path as they are built, last ones first, and where each move leads.</summary>
internal sealed class PathCode(
    int cpu,
    int level,
    PathDeclaration path,
    List<Instruction> instructions,
    Dictionary<Move, Node> next
)
{
    /// <summary>What brings a CPU into the path.</summary>
    public Trigger Trigger => path.Trigger;

    public int Count => instructions.Count;

    public void Add(Instruction instruction, Move move, Node after)
    {
        instruction.Moves.Add(move);
        next[move] = after;
    }

    public Instruction Instruction(Step step, StepContext context, string? text = null)
    {
        var guest = step is RestStep { Kind: RestKind.Guest };
        var instruction = new Instruction(cpu, level, path.Name, step, step.Span, text ?? step.Span.Text)
        {
            Calls = context.Calls,
            IsKernelText = !guest,
            CanBeInterrupted = !guest,
            IsOrdinary = step is CodeStep or CallStep,
            Sections = context.Sections,
            About = context.About,
            Loop = context.Loop,
        };
        instructions.Add(instruction);
        return instruction;
    }

    /// <summary>An instruction of one move.</summary>
    public Node.To Single(Step step, Node after, StepContext context, Action<Move> fill)
    {
        var instruction = Instruction(step, context);
        var move = new Move(instruction, false, null);
        fill(move);
        Add(instruction, move, after);
        return new Node.To(instruction);
    }
}
