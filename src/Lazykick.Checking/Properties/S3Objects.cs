using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S3 (M24): nobody writes an object that has been drained, nobody uses one that has been freed.</summary>
public sealed class S3Objects : Property
{
    internal const string Name = "S3";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "nobody writes what has been drained, nobody uses what has been freed";

    /// <inheritdoc/>
    public override string Violation => "written after it was drained, or used after it was freed";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        scheme.AllSteps().OfType<AssignStep>().Any(s => s.Object is not null)
            ? null
            : "readers drained: nothing is drained or freed";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => null;

    internal override string? WhyVacuous(IEvidence evidence) =>
        evidence.IsTaken<AssignStep>(s => s.Lifetime is Lifetime.Drain or Lifetime.Free)
            ? null
            : "nothing was drained or freed";

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    /// <summary>Two bits for each object: nobody may write it, nobody may use it.</summary>
    private sealed class Checks : PropertyChecks
    {
        private readonly Dictionary<Field, (Field Freed, Field Drained)> _objects = [];

        public Checks(Property property, CheckContext context)
            : base(property, context)
        {
            var names = context
                .Scheme.AllSteps()
                .OfType<AssignStep>()
                .Where(s => s.Object is not null)
                .Select(s => s.Object!.Name);
            foreach (var name in names.Distinct(StringComparer.Ordinal))
            {
                foreach (
                    var (_, _, variable) in context.Fields.Variables(context.Scheme).Where(v => v.Variable.Name == name)
                )
                {
                    var freed = context.Fields.AddRecord($"{variable.Name} freed", 0, 1, RecordKind.AtAccess);
                    _objects[variable] = (
                        freed,
                        context.Fields.AddRecord($"{variable.Name} drained", 0, 1, RecordKind.AtAccess)
                    );
                }
            }
        }

        protected override bool Applies => _objects.Count > 0;

        public override bool MarksAccesses => _objects.Count > 0;

        public override void Takes(Step step, in StepSite site, Move move)
        {
            if (step is not AssignStep { Object: { } lived } assign)
                return;

            var (freed, drained) = _objects[site.Scope.FieldOf(lived)];
            if (assign.Lifetime == Lifetime.Alloc)
                move.Effects.AddRange([(freed, Value.Zero), (drained, Value.Zero)]);
            else
                move.Effects.Add((assign.Lifetime == Lifetime.Drain ? drained : freed, Value.One));
        }

        /// <summary>
        /// A check at every access to an object: a read is judged when it takes place, a write when it becomes visible.
        /// </summary>
        public override void Finishes(IReadOnlyList<Move> moves, Func<Instruction, Access> accessOf)
        {
            foreach (
                var move in _objects.Count == 0 ? [] : moves.Where(m => m.Instruction.Step is not (null or AssertStep))
            )
            {
                var access = accessOf(move.Instruction);
                var lifetime = move.Instruction.Step is AssignStep step ? step.Lifetime : Lifetime.None;
                var isKnown = access.Variable is not null && _objects.ContainsKey(access.Variable);
                if (!isKnown || lifetime == Lifetime.Alloc)
                    continue;

                var (freed, drained) = _objects[access.Variable!];
                var reads = access.Kind is InstanceKind.Load or InstanceKind.Rmw;
                Check(move, new Value.Read(freed), reads ? MovePhase.Read : MovePhase.Write);
                if (access.Kind is InstanceKind.Store or InstanceKind.Rmw && lifetime != Lifetime.Free)
                    Check(move, new Value.Read(drained), MovePhase.Write);
            }
        }
    }
}
