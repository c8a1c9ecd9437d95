"""Made from templates/parts.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from hivecheck.report.html_compiled.runtime import Macro, Markup, Undefined, environment, escape, markup_join, missing
name = 'parts.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_say = l_0_table = l_0_boot = l_0_stories = missing
    pass
    def macro(l_1_bits):
        t_1 = []
        l_1_set_bits = resolve('set_bits')
        if l_1_bits is missing:
            l_1_bits = undefined("parameter 'bits' was not provided", name='bits')
        pass
        t_1.append(
            escape(context.call((undefined(name='set_bits') if l_1_set_bits is missing else l_1_set_bits), l_1_bits)),
        )
        return concat(t_1)
    context.exported_vars.add('say')
    context.vars['say'] = l_0_say = Macro(environment, macro, 'say', ('bits',), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_it):
        t_2 = []
        l_1_set_rows = resolve('set_rows')
        if l_1_it is missing:
            l_1_it = undefined("parameter 'it' was not provided", name='it')
        pass
        t_2.extend((
            '<table class="',
            escape(environment.getattr(l_1_it, 'kind')),
            '">\n<caption>',
            escape(environment.getattr(l_1_it, 'caption')),
            '</caption>\n',
        ))
        if environment.getattr(l_1_it, 'columns'):
            pass
            t_2.append(
                '<thead><tr>',
            )
            for l_2_column in environment.getattr(l_1_it, 'columns'):
                _loop_vars = {}
                pass
                t_2.extend((
                    '<th scope="col">',
                    escape(l_2_column),
                    '</th>',
                ))
            l_2_column = missing
            t_2.append(
                '</tr></thead>\n',
            )
        t_2.extend((
            '<tbody>\n',
            escape(context.call((undefined(name='set_rows') if l_1_set_rows is missing else l_1_set_rows), environment.getattr(l_1_it, 'rows'))),
            '</tbody>\n</table>\n',
        ))
        if environment.getattr(l_1_it, 'left'):
            pass
            t_2.extend((
                '<p class="neutral left-out">',
                escape(environment.getattr(l_1_it, 'left')),
                '</p>\n',
            ))
        return concat(t_2)
    context.exported_vars.add('table')
    context.vars['table'] = l_0_table = Macro(environment, macro, 'table', ('it',), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_steps):
        t_3 = []
        if l_1_steps is missing:
            l_1_steps = undefined("parameter 'steps' was not provided", name='steps')
        pass
        for l_2_step in l_1_steps:
            l_2_set_bits = resolve('set_bits')
            _loop_vars = {}
            pass
            t_3.extend((
                '<section class="step" id="',
                escape(environment.getattr(l_2_step, 'id')),
                '">\n<h3>',
                escape(environment.getattr(l_2_step, 'title')),
                '</h3>\n<p class="counts">',
                escape(context.call((undefined(name='set_bits') if l_2_set_bits is missing else l_2_set_bits), environment.getattr(l_2_step, 'marks'), _loop_vars=_loop_vars)),
                '</p>\n',
            ))
            if environment.getattr(l_2_step, 'about'):
                pass
                t_3.extend((
                    '<p class="about">',
                    escape(environment.getattr(l_2_step, 'about')),
                    '</p>\n',
                ))
            t_3.append(
                '<ol class="line">\n',
            )
            for l_3_it in environment.getattr(l_2_step, 'told'):
                _loop_vars = {}
                pass
                t_3.extend((
                    '<li class="event ',
                    escape(environment.getattr(l_3_it, 'kind')),
                    '"',
                ))
                if environment.getattr(l_3_it, 'id'):
                    pass
                    t_3.extend((
                        ' id="',
                        escape(environment.getattr(l_3_it, 'id')),
                        '"',
                    ))
                t_3.extend((
                    '>',
                    escape(context.call((undefined(name='set_bits') if l_2_set_bits is missing else l_2_set_bits), environment.getattr(l_3_it, 'bits'), _loop_vars=_loop_vars)),
                    '\n',
                ))
                for l_4_id in environment.getattr(l_3_it, 'anchors'):
                    _loop_vars = {}
                    pass
                    t_3.extend((
                        '<span id="',
                        escape(l_4_id),
                        '"></span>',
                    ))
                l_4_id = missing
                t_3.append(
                    '\n',
                )
                if environment.getattr(l_3_it, 'table'):
                    pass
                    t_3.append(
                        '<details class="rows',
                    )
                    if environment.getattr(l_3_it, 'is_open'):
                        pass
                        t_3.append(
                            '" open',
                        )
                    else:
                        pass
                        t_3.append(
                            ' long"',
                        )
                    t_3.extend((
                        '><summary>',
                        escape(environment.getattr(environment.getattr(l_3_it, 'table'), 'caption')),
                        '</summary>\n',
                        escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), environment.getattr(l_3_it, 'table'), _loop_vars=_loop_vars)),
                        '</details>\n',
                    ))
                t_3.append(
                    '</li>\n',
                )
            l_3_it = missing
            t_3.append(
                '</ol>\n</section>\n',
            )
        l_2_step = l_2_set_bits = missing
        return concat(t_3)
    context.exported_vars.add('boot')
    context.vars['boot'] = l_0_boot = Macro(environment, macro, 'boot', ('steps',), False, False, False, context.eval_ctx.autoescape)
    yield '\n'
    def macro(l_1_all):
        t_4 = []
        if l_1_all is missing:
            l_1_all = undefined("parameter 'all' was not provided", name='all')
        pass
        t_4.append(
            '<ol class="stories">\n',
        )
        for l_2_story in l_1_all:
            l_2_set_bits = resolve('set_bits')
            _loop_vars = {}
            pass
            t_4.extend((
                '<li class="story ',
                escape(environment.getattr(l_2_story, 'severity')),
                '" id="',
                escape(environment.getattr(l_2_story, 'id')),
                '">\n<h3>',
                escape(context.call((undefined(name='set_bits') if l_2_set_bits is missing else l_2_set_bits), environment.getattr(l_2_story, 'headline'), _loop_vars=_loop_vars)),
                '</h3>\n',
            ))
            for l_3_rule in environment.getattr(l_2_story, 'rules'):
                _loop_vars = {}
                pass
                t_4.append(
                    '<div class="rule"',
                )
                if environment.getattr(l_3_rule, 'id'):
                    pass
                    t_4.extend((
                        ' id="',
                        escape(environment.getattr(l_3_rule, 'id')),
                        '"',
                    ))
                t_4.extend((
                    '>\n<p class="which">',
                    escape(context.call((undefined(name='set_bits') if l_2_set_bits is missing else l_2_set_bits), environment.getattr(l_3_rule, 'head'), _loop_vars=_loop_vars)),
                    '</p>\n',
                ))
                for l_4_finding in environment.getattr(l_3_rule, 'findings'):
                    _loop_vars = {}
                    pass
                    t_4.extend((
                        '<div class="finding" id="',
                        escape(environment.getattr(l_4_finding, 'id')),
                        '">',
                        escape(context.call((undefined(name='set_bits') if l_2_set_bits is missing else l_2_set_bits), environment.getattr(l_4_finding, 'bits'), _loop_vars=_loop_vars)),
                        '</div>\n',
                    ))
                l_4_finding = missing
                t_4.extend((
                    escape(context.call((undefined(name='set_bits') if l_2_set_bits is missing else l_2_set_bits), environment.getattr(l_3_rule, 'page'), _loop_vars=_loop_vars)),
                    '\n</div>\n',
                ))
            l_3_rule = missing
            t_4.append(
                '</li>\n',
            )
        l_2_story = l_2_set_bits = missing
        t_4.append(
            '</ol>\n',
        )
        return concat(t_4)
    context.exported_vars.add('stories')
    context.vars['stories'] = l_0_stories = Macro(environment, macro, 'stories', ('all',), False, False, False, context.eval_ctx.autoescape)

blocks = {}
debug_info = '2=12&4=25&5=33&6=35&7=38&8=43&11=57&13=60&14=64&18=71&19=76&20=82&21=84&22=86&23=89&24=93&27=99&28=104&29=119&31=131&32=136&33=150&42=165&44=173&45=179&46=183&47=186&48=192&49=201&50=204&51=209&53=216'
