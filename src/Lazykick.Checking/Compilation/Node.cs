using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>Where a CPU goes after a move: tests over its own variables are decided on the way (M7).</summary>
internal abstract class Node
{
    /// <summary>The node with forward references followed; null for a loop in which no step stands.</summary>
    public Node? Resolve()
    {
        var node = this;
        for (var hops = 0; node is Forward forward; hops++)
        {
            if (hops > 1000 || forward.Target is null)
                return null;
            node = forward.Target;
        }

        return node;
    }

    /// <summary>To an instruction.</summary>
    internal sealed class To(Instruction instruction) : Node
    {
        public Instruction Instruction { get; } = instruction;
    }

    /// <summary>Out of the path.</summary>
    internal sealed class Leave(PathDeclaration? path) : Node
    {
        public PathDeclaration? Path { get; } = path;
    }

    /// <summary>One of two ways, by a test.</summary>
    internal sealed class Branch(Value test, Node then, Node otherwise, BranchTest? asked) : Node
    {
        /// <summary>What a step of the scheme asks; null for the turns of a loop over CPUs.</summary>
        public BranchTest? Asked { get; } = asked;

        public Value Test { get; } = test;

        public Node Then { get; } = then;

        public Node Otherwise { get; } = otherwise;
    }

    /// <summary>A place that is not built yet: the head of a loop.</summary>
    internal sealed class Forward : Node
    {
        public Node? Target { get; set; }
    }
}
